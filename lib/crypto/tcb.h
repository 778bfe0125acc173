/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tcb.h - the state a platform is expected to be in, as the extension DiceTcbInfo of its credential
 * (TCG DICE Attestation Architecture, 2.23.133.5.4.1)
 */
#ifndef TCB_H
#define TCB_H

#include "crypto/csr.h"

enum { FWIDS_MAX = 16 };

struct tcb {			/* the expected state; views of what it was read from */
	struct text vendor, model, version;	/* each may be absent; else plain (text_plain()) */
	uint64_t svn;		/* security version number, when svn_stated */
	bool svn_stated;	/* 0 is a version, and not the same as none */
	struct bytes fwid[FWIDS_MAX];	/* SHA-256 of each measured component, in order */
	size_t fwids;
	bool debug;		/* flag bit 3; others are never set */
	bool tpm;		/* the type "tpm": the platform key was made in a TPM and cannot leave it */
};

/* To X509_EXTENSION_free(). Dies (2) of a text that is not plain or a digest of another length. */
X509_EXTENSION *tcb_extension(const struct tcb *tcb);
/* Of the extensions of the certificate der, which *tcb has views of; false: 2. */
bool tcb_get(const struct stack_st_X509_EXTENSION *all, struct bytes der, struct tcb *tcb,
    struct fault *f);

#endif
