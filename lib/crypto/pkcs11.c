/* SPDX-License-Identifier: Apache-2.0 */
#define OPENSSL_SUPPRESS_DEPRECATED	/* engines: Debian 12 has no provider for PKCS#11 */
#include "crypto/pkcs11.h"

#include <dlfcn.h>
#include <openssl/crypto.h>
#ifndef OPENSSL_NO_ENGINE
#include <openssl/engine.h>
#endif
#include <stdlib.h>

#include "base/die.h"
#include "crypto/openssl.h"

#define SCHEME "pkcs11:"

/* --- URIs -------------------------------------------------------------------- */

/* "%2F" and its like, in place; false: malformed, or a NUL. */
static bool
decode(char *s)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *high, *low;
	char *to = s;

	for (; *s != '\0'; s++, to++) {
		*to = *s;
		if (*s != '%')
			continue;
		if (s[1] == '\0' || s[2] == '\0' || (high = strchr(digits, s[1])) == NULL ||
		    (low = strchr(digits, s[2])) == NULL)
			return false;
		*to = (char)((high - digits) % 16 * 16 + (low - digits) % 16);
		s += 2;
		if (*to == '\0')
			return false;
	}
	*to = '\0';
	return true;
}

/* The value of attribute when that is its name; dies when it is malformed, or there twice. */
static bool
take(const char *option, char *attribute, const char *name, char **value)
{
	size_t n = strlen(name);

	if (strncmp(attribute, name, n) != 0 || attribute[n] != '=')
		return false;
	if (*value != NULL)
		die_request("%s: %s stands twice in the URI", option, name);
	*value = attribute + n + 1;
	if (**value == '\0' || !decode(*value))
		die_request("%s: %s has no value that can be read (RFC 7512 2.3)", option, name);
	return true;
}

static void
take_query(const char *option, char *query, struct pkcs11 *p)
{
	char *attribute;

	while ((attribute = strsep(&query, "&")) != NULL) {
		if (!take(option, attribute, "module-path", &p->module) &&
		    !take(option, attribute, "pin-source", &p->pin_source))
			die_request("%s: unknown attribute '%.*s' after '?'", option,
			    (int)strcspn(attribute, "="), attribute);
	}
}

void
pkcs11_parse(const char *option, const char *uri, struct pkcs11 *p)
{
	char *query;

	*p = (struct pkcs11){ .object = strdup(uri) };
	if (p->object == NULL)
		die_world("no memory");
	if (strstr(uri, "pin-value=") != NULL)
		die_request("%s: pin-value shows the PIN to whoever lists processes; see --pin", option);
	query = strchr(p->object, '?');
	if (query != NULL) {
		*query = '\0';
		take_query(option, query + 1, p);
	}
	if (strstr(p->object, "pin-source=") != NULL)
		die_request("%s: pin-source belongs after '?' (RFC 7512 2.4)", option);
	if (strchr(p->object, '=') == NULL)
		die_request("%s: '%s' names no token and no key", option, p->object);
}

/* It stays loaded; to see here that it can be, lets us say why not, in one line. */
void
pkcs11_module(const char *option, const struct pkcs11 *p)
{
	if (p->module == NULL)
		return;
	if (dlopen(p->module, RTLD_NOW | RTLD_LOCAL) == NULL)
		die_world("%s: cannot load the module: %s", option, dlerror());
	if (setenv("PKCS11_PROVIDER_MODULE", p->module, 1) == -1)	/* the provider asks nowhere else */
		die_world("no memory");
}

/* --- the engine ---------------------------------------------------------------- */

#ifndef OPENSSL_NO_ENGINE

static ENGINE *engine;

bool
pkcs11_engine_starts(const struct pkcs11 *p)
{
	if (OPENSSL_init_crypto(OPENSSL_INIT_ENGINE_DYNAMIC, NULL) != 1 ||
	    (engine = ENGINE_by_id("pkcs11")) == NULL)
		return false;
	ENGINE_ctrl_cmd_string(engine, "QUIET", NULL, 0);	/* we speak for it */
	return (p->module == NULL || ENGINE_ctrl_cmd_string(engine, "MODULE_PATH", p->module, 0) == 1) &&
	    ENGINE_init(engine) == 1;
}

EVP_PKEY *
pkcs11_engine_key(const struct pkcs11 *p, UI_METHOD *ui)
{
	return ENGINE_load_private_key(engine, p->object, ui, NULL);
}

#else

bool
pkcs11_engine_starts(const struct pkcs11 *p)
{
	(void)p;
	return false;
}

EVP_PKEY *
pkcs11_engine_key(const struct pkcs11 *p, UI_METHOD *ui)
{
	(void)p, (void)ui;
	return NULL;
}

#endif
