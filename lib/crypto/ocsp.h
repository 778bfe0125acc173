/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ocsp.h - a responder for one CA (RFC 6960): requests taken apart, responses signed.  status.h is
 * the other side.
 *
 * Hand-written DER, because OpenSSL's objects take as long as the signature itself; the clients
 * it is tried with are OpenSSL's.
 */
#ifndef OCSP_H
#define OCSP_H

#include "crypto/plc.h"
#include "crypto/revocation.h"

/* bytes; certificates asked for in one */
enum { OCSP_REQUEST_MAX = 64 * 1024, OCSP_CERTS_MAX = 64 };

struct responder {		/* lives as long as the process */
	EVP_PKEY *key;
	struct cert cert, issuer;
	uint64_t this_update, next_update;
	/* ocsp_open() */
	struct buf certs;	/* what goes along: its certificate */
	uint8_t key_id[20];
	struct ocsp_hash { struct bytes algorithm; uint8_t name[64], key[64]; size_t n; } hashes[4];
};

/*
 * Of key, cert, issuer and times.  False: 2: the certificate is neither the issuer's nor issued
 * directly by it for OCSPSigning (RFC 6960 4.2.2.2), or is not valid at this_update.
 */
bool ocsp_open(struct responder *r, struct fault *f);

struct ocsp_request {		/* views of what it was read from */
	struct bytes id[OCSP_CERTS_MAX];	/* CertID, to be given back as it is */
	struct bytes serial[OCSP_CERTS_MAX];	/* absent: of another issuer's certificate */
	size_t n;
	struct bytes nonce;	/* 1..128 bytes (RFC 9654 2.1); absent: none */
};

/* False: 2, to be answered with OCSP_MALFORMED. */
bool ocsp_read(const struct responder *r, struct bytes der, struct ocsp_request *q,
    struct fault *f);

/* Appends the response; status[i] is that of q->serial[i]. */
void ocsp_answer(const struct responder *r, const struct ocsp_request *q,
    const struct revocation *status, struct buf *out);

enum ocsp_error { OCSP_MALFORMED = 1, OCSP_INTERNAL = 2 };	/* RFC 6960 4.2.1 */
void ocsp_answer_error(enum ocsp_error error, struct buf *out);	/* appends; nobody signs it */

/*
 * The request about one serial number that most clients send, by SHA-1 and without a nonce, as it
 * stands in the path of a GET (RFC 6960 A.1), before "%" is put in; and as ocsp_read() leaves it.
 */
enum { OCSP_PATH_MAX = 256 };
void ocsp_path(const struct responder *r, struct bytes serial, char path[static OCSP_PATH_MAX],
    struct ocsp_request *q);

#endif
