/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tss.h - the TPM software stack (libtss2), loaded when a TPM is first spoken to; for tpm.c and
 * tpm_state.c.
 *
 * Loaded, not linked: a tool that finds no TPM key among its keys has no part of it.
 */
#ifndef TSS_H
#define TSS_H

#include <tss2/tss2_esys.h>
#include <tss2/tss2_mu.h>
#include <tss2/tss2_rc.h>
#include <tss2/tss2_tctildr.h>

#define TSS_CALLS(X) \
	X(ESYS, Esys_Certify) X(ESYS, Esys_Create) X(ESYS, Esys_ECDH_ZGen) X(ESYS, Esys_Finalize) \
	X(ESYS, Esys_FlushContext) X(ESYS, Esys_Free) X(ESYS, Esys_HashSequenceStart) \
	X(ESYS, Esys_Initialize) X(ESYS, Esys_Load) X(ESYS, Esys_PCR_Read) X(ESYS, Esys_PolicyGetDigest) \
	X(ESYS, Esys_PolicyPCR) X(ESYS, Esys_Quote) X(ESYS, Esys_ReadPublic) X(ESYS, Esys_SequenceComplete) \
	X(ESYS, Esys_SequenceUpdate) X(ESYS, Esys_Sign) X(ESYS, Esys_StartAuthSession) \
	X(ESYS, Esys_TRSess_SetAttributes) X(ESYS, Esys_TR_FromTPMPublic) X(ESYS, Esys_TR_SetAuth) \
	X(ESYS, Esys_Unseal) \
	X(MU, Tss2_MU_TPM2B_PRIVATE_Marshal) X(MU, Tss2_MU_TPM2B_PRIVATE_Unmarshal) \
	X(MU, Tss2_MU_TPM2B_PUBLIC_Marshal) X(MU, Tss2_MU_TPM2B_PUBLIC_Unmarshal) \
	X(MU, Tss2_MU_TPMT_PUBLIC_Marshal) \
	X(RC, Tss2_RC_Decode) \
	X(TCTILDR, Tss2_TctiLdr_Initialize) X(TCTILDR, Tss2_TctiLdr_Finalize)

struct tss {
#define TSS_MEMBER(library, name) __typeof__(name) *name;
	TSS_CALLS(TSS_MEMBER)
#undef TSS_MEMBER
};

extern struct tss tss;
extern ESYS_CONTEXT *esys;

/*
 * Loads the stack and connects to the TPM that TPM2TOOLS_TCTI names, once; closed at exit.  Dies (3);
 * where: what the message begins with.
 */
void tss_start(const char *where);

/* Dies (3) with the fact and the TPM's reason unless it is done. */
void tss_need(TSS2_RC rc, const char *fact);

/* What a TPM has few slots for, sessions too: flushed where its use ends, and at exit at the latest. */
ESYS_TR tss_opened(ESYS_TR object);
void tss_flush(ESYS_TR object);
void tss_forget(ESYS_TR object);	/* the TPM has flushed it itself */

#endif
