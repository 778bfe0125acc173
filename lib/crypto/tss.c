/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/tss.h"

#include <dlfcn.h>
#include <stdlib.h>

#include "base/die.h"
#include "crypto/openssl.h"

struct tss tss;
ESYS_CONTEXT *esys;

static TSS2_TCTI_CONTEXT *tcti;

enum library { ESYS, MU, RC, TCTILDR, LIBRARIES };
static const char *const names[] = {
	"libtss2-esys.so.0", "libtss2-mu.so.0", "libtss2-rc.so.0", "libtss2-tctildr.so.0"
};

enum { OPEN_MAX = 8 };
static ESYS_TR open[OPEN_MAX];	/* in the TPM, to be flushed */
static size_t opened;

static void
load(const char *where)
{
	void *libraries[LIBRARIES];

	for (size_t i = 0; i < LIBRARIES; i++)
		if ((libraries[i] = dlopen(names[i], RTLD_NOW | RTLD_LOCAL)) == NULL)
			die_world("%s: cannot load the TPM software stack: %s", where, dlerror());
#define TSS_FIND(library, name) \
	if ((*(void **)&tss.name = dlsym(libraries[library], #name)) == NULL) \
		die_world("%s: cannot use the TPM software stack: %s", where, dlerror());
	TSS_CALLS(TSS_FIND)
#undef TSS_FIND
}

static void
stop(void)
{
	while (opened > 0)
		tss_flush(open[opened - 1]);
	tss.Esys_Finalize(&esys);
	tss.Tss2_TctiLdr_Finalize(&tcti);
}

void
tss_start(const char *where)
{
	TSS2_RC rc;

	if (esys != NULL)
		return;
	setenv("TSS2_LOG", "all+NONE", 0);	/* else the stack speaks on standard error as well */
	openssl_load_all();
	load(where);
	rc = tss.Tss2_TctiLdr_Initialize(getenv("TPM2TOOLS_TCTI"), &tcti);
	if (rc == TSS2_RC_SUCCESS)
		rc = tss.Esys_Initialize(&esys, tcti, NULL);
	if (rc != TSS2_RC_SUCCESS)
		die_world("%s: no TPM answers: %s", where, tss.Tss2_RC_Decode(rc));
	atexit(stop);
}

void
tss_need(TSS2_RC rc, const char *fact)
{
	if (rc != TSS2_RC_SUCCESS)
		die_world("%s: %s", fact, tss.Tss2_RC_Decode(rc));
}

ESYS_TR
tss_opened(ESYS_TR object)
{
	if (opened == OPEN_MAX)
		die_world("too many objects in the TPM");
	return open[opened++] = object;
}

void
tss_forget(ESYS_TR object)
{
	for (size_t i = 0; i < opened; i++)
		if (open[i] == object)
			open[i] = open[--opened];
}

void
tss_flush(ESYS_TR object)
{
	tss_forget(object);
	tss.Esys_FlushContext(esys, object);
}
