/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plc_run.h - the PlCs that an issuer gives to equipment of one kind in one state differ in serial
 * number, validity, the device's serial number, UEID and key, and in nothing else.  Where one of
 * them was accepted, of the next only validity and signature are left to check: OpenSSL 3.0 takes
 * twice as long as that to decode a certificate.
 */
#ifndef PLC_RUN_H
#define PLC_RUN_H

#include "crypto/plc.h"

struct plc_run {		/* start with { 0 } */
	struct plc_form form;	/* its issuer's key: the public one, which we own */
};

/*
 * The run of a PlC that was checked, with the key of its issuer.  False, and *run is empty: it is not
 * one that plc_issue() made with a key on P-256.
 */
bool plc_run_of(const struct cert *plc, EVP_PKEY *issuer, struct plc_run *run);

/*
 * Whether der is a PlC of that run, valid at the time now, its issuer's signature on it; only then *c
 * is filled, and needs cert_free().  Of *c, whose x is NULL, nothing may be asked but what is in it,
 * cert_copy(), cert_der() and plc_of().
 */
bool plc_run_holds(struct plc_run *run, struct bytes der, uint64_t now, struct cert *c);

#endif
