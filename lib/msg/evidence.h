/* SPDX-License-Identifier: Apache-2.0 */
/* evidence.h - what the TRE says of itself: an EAT (RFC 9711), signed by the platform key */
#ifndef EVIDENCE_H
#define EVIDENCE_H

#include "msg/cose.h"

#define EVIDENCE_PROFILE "tag:m2mkit.example,2026:evidence/1"

struct cnf {			/* proof-of-possession key (RFC 8747) */
	struct cose_key key;
};

struct swversion {		/* an array of one */
	struct text version;
};

struct component {		/* one measured file */
	struct text name;
	struct bytes digest;	/* SHA-256 */
};

struct measurement {
	uint64_t content_format;	/* MEASUREMENT_FORMAT */
	struct bytes component;		/* encoded */
};
struct measurement_result {	/* of one component */
	struct text component;
	uint64_t result;	/* choice: COMPARED_... */
};
enum { COMPARED_EQUAL = 1, COMPARED_DIFFERENT, COMPARED_NOT, COMPARED_ABSENT };

struct result_group {
	struct text system;		/* what compared: RESULTS_SYSTEM */
	struct list results;		/* of struct measurement_result, in the order of the PlC's fwids */
};
#define RESULTS_SYSTEM "m2mkit"
enum { MEASUREMENT_FORMAT = 65100, MEASUREMENTS_MAX = 16 };	/* of the experimental range */

struct pcr {			/* of the SHA-256 bank; an array of two */
	uint64_t index;
	struct bytes value;
};
enum { PCRS_MAX = 24 };

/*
 * What the TPM says.  Both of its statements are made for the SHA-256 of the claims that evidence
 * has without this one, so for its nonce, its sealing key, its measurements.
 */
struct tpm_evidence {
	struct bytes quote;		/* TPMS_ATTEST over the PCRs */
	struct bytes quote_signature;	/* by the platform key: R, S */
	struct list pcrs;		/* of struct pcr, ascending */
	struct bytes certification;	/* TPMS_ATTEST over the sealing key */
	struct bytes certification_signature;
	struct bytes sealing;		/* TPMT_PUBLIC of the sealing key */
};
enum { ATTEST_MAX = 512, TPM_PUBLIC_MAX = 512 };

struct evidence {
	struct text sub;		/* the PCID */
	uint64_t iat;
	struct cnf cnf;			/* the sealing key */
	struct bytes eat_nonce;		/* the registration nonce */
	struct bytes ueid;
	uint64_t dbgstat;		/* choice: DBGSTAT_... */
	struct text eat_profile;
	struct text swname;
	struct swversion swversion;
	struct list measurements;	/* in the order of the PlC's fwids */
	struct list measres;		/* of at most one struct result_group: what the TRE found itself */
	uint64_t tre_class;		/* choice: TRE_SOFTWARE, TRE_TPM */
	struct tpm_evidence tpm;	/* of TRE_TPM, and no other */
	uint64_t mode;			/* choice: MODE_...; absent: remote, see evidence_mode() */
};
enum { SOFTWARE_MAX = 64 };		/* bytes of swname and version */
enum {
	DBGSTAT_ENABLED = 1, DBGSTAT_DISABLED, DBGSTAT_SINCE_BOOT, DBGSTAT_PERMANENT, DBGSTAT_FULL
};
enum { TRE_SOFTWARE = 1, TRE_TPM };

/*
 * How a device is validated (TR 33.812): by itself, saying no more than that it did; by itself, saying
 * what it found (measres); or by the PVA, from what was measured (measurements).
 */
enum { MODE_AUTONOMOUS = 1, MODE_SEMI_AUTONOMOUS, MODE_REMOTE };
uint64_t evidence_mode(const struct evidence *e);

extern const struct choices dbgstats, tre_classes, validation_modes;
extern const struct field measurement_element, result_group_element, measurement_result_element, pcr_element;
extern const struct record cnf_record, component_record;
extern const struct record evidence_claims_record;
extern const struct record evidence_record;	/* COSE_Sign1 by the TRE, x5chain = PlC */

extern const struct record evidence_qualified_record;	/* the claims, of which tpm may be missing */
/* The SHA-256 of the claims without tpm: what the TPM's statements are made for. */
enum { QUALIFYING = 32 };
void evidence_qualifying(const struct evidence *e, uint8_t out[static QUALIFYING]);

#endif
