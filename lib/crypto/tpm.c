/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/tpm.h"

#include <openssl/asn1t.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdlib.h>

#include "base/die.h"
#include "crypto/openssl.h"
#include "crypto/secret.h"
#include "crypto/tpm_key.h"

/* --- EVP_PKEY to object ------------------------------------------------------- */

static int slot = -1;		/* of an EVP_PKEY: its struct tpm_key */

struct tpm_key *
tpm_object(const EVP_PKEY *key)
{
	return slot == -1 ? NULL : EVP_PKEY_get_ex_data(key, slot);
}

bool
tpm_holds(const EVP_PKEY *key)
{
	return tpm_object(key) != NULL;
}

/* Coordinates that begin with zeros may be shorter. */
static bool
put_coordinate(const TPM2B_ECC_PARAMETER *from, uint8_t to[static COORDINATE])
{
	if (from->size > COORDINATE)
		return false;
	memset(to, 0, COORDINATE);
	memcpy(to + COORDINATE - from->size, from->buffer, from->size);
	return true;
}

/* NULL: not on P-256. */
static EVP_PKEY *
public_key(const TPMT_PUBLIC *p)
{
	uint8_t x[COORDINATE], y[COORDINATE];

	if (p->type != TPM2_ALG_ECC || p->parameters.eccDetail.curveID != TPM2_ECC_NIST_P256 ||
	    !put_coordinate(&p->unique.ecc.x, x) || !put_coordinate(&p->unique.ecc.y, y))
		return NULL;
	return key_from_point(BYTES(x), BYTES(y));
}

static struct tpm_key *keys;

static EVP_PKEY *
make_key(ESYS_TR object, const TPMT_PUBLIC *public, struct bytes reference, const char *pin)
{
	EVP_PKEY *key = public_key(public);
	struct tpm_key *k;

	if (key == NULL)
		return NULL;
	if (slot == -1)
		slot = CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_EVP_PKEY, 0, NULL, NULL, NULL, NULL);
	if ((k = calloc(1, sizeof *k)) == NULL || EVP_PKEY_set_ex_data(key, slot, k) != 1)
		die_world("no memory");
	k->object = object;
	k->public = *public;
	k->pin = pin;
	k->next = keys;
	keys = k;
	buf_add(&k->reference, reference);
	return key;
}

static void
set_pin(ESYS_TR object, const char *pin)
{
	TPM2B_AUTH auth = { .size = pin != NULL ? (UINT16)strnlen(pin, sizeof auth.buffer) : 0 };

	if (auth.size > 0)
		memcpy(auth.buffer, pin, auth.size);
	tss_need(tss.Esys_TR_SetAuth(esys, object, &auth), "the TPM takes no PIN");
	secret_wipe(&auth, sizeof auth);
}

/* --- handles and blocks --------------------------------------------------------- */

ESYS_TR
tpm_persistent(uint32_t handle)
{
	char fact[48];
	ESYS_TR object;

	snprintf(fact, sizeof fact, "the TPM has no object 0x%08x", (unsigned)handle);
	tss_need(tss.Esys_TR_FromTPMPublic(esys, handle, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE,
	    &object), fact);
	return object;
}

bool
tpm_handle(const char *text, uint32_t *handle)
{
	if (strncmp(text, "handle:0x81", 11) != 0 || strlen(text) != 17 ||
	    strspn(text + 11, "0123456789abcdefABCDEF") != 6)
		return false;
	*handle = (uint32_t)strtoul(text + 7, NULL, 16);
	return true;
}

EVP_PKEY *
tpm_key_of_handle(const char *option, const char *uri, const char *pin)
{
	TPM2B_PUBLIC *public;
	EVP_PKEY *key;
	uint32_t handle;
	ESYS_TR object;

	if (!tpm_handle(uri, &handle))
		die_request("%s: needs a persistent handle such as handle:0x81000001, has '%s'", option, uri);
	tss_start(option);
	object = tpm_persistent(handle);
	tss_need(tss.Esys_ReadPublic(esys, object, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &public,
	    NULL, NULL), "the TPM does not show its key");
	set_pin(object, pin);
	key = make_key(object, &public->publicArea, text_bytes(text_of(uri)), pin);
	tss.Esys_Free(public);
	return key;
}

struct block {			/* "TSS2 PRIVATE KEY", without what we do not use */
	ASN1_OBJECT *type;
	ASN1_BOOLEAN no_pin;
	ASN1_INTEGER *parent;
	ASN1_OCTET_STRING *public, *private;
};

ASN1_SEQUENCE(BLOCK) = {
	ASN1_SIMPLE(struct block, type, ASN1_OBJECT),
	ASN1_EXP_OPT(struct block, no_pin, ASN1_BOOLEAN, 0),
	ASN1_SIMPLE(struct block, parent, ASN1_INTEGER),
	ASN1_SIMPLE(struct block, public, ASN1_OCTET_STRING),
	ASN1_SIMPLE(struct block, private, ASN1_OCTET_STRING)
} static_ASN1_SEQUENCE_END_name(struct block, BLOCK)

#define LOADABLE_KEY "2.23.133.10.1.3"

static bool
unmarshal(const struct block *b, TPM2B_PUBLIC *public, TPM2B_PRIVATE *private)
{
	const ASN1_OCTET_STRING *pub = b->public, *priv = b->private;
	size_t n = 0, m = 0;
	char type[sizeof LOADABLE_KEY + 1];

	return OBJ_obj2txt(type, sizeof type, b->type, 1) > 0 && strcmp(type, LOADABLE_KEY) == 0 &&
	    tss.Tss2_MU_TPM2B_PUBLIC_Unmarshal(ASN1_STRING_get0_data(pub), (size_t)ASN1_STRING_length(pub),
		&n, public) == TSS2_RC_SUCCESS && n == (size_t)ASN1_STRING_length(pub) &&
	    tss.Tss2_MU_TPM2B_PRIVATE_Unmarshal(ASN1_STRING_get0_data(priv),
		(size_t)ASN1_STRING_length(priv), &m, private) == TSS2_RC_SUCCESS &&
	    m == (size_t)ASN1_STRING_length(priv);
}

static ESYS_TR
load_block(const char *option, const char *name, struct bytes der, const char *pin, TPM2B_PUBLIC *public)
{
	const unsigned char *at = der.p;
	struct block *b = (struct block *)ASN1_item_d2i(NULL, &at, (long)der.n, ASN1_ITEM_rptr(BLOCK));
	TPM2B_PRIVATE private = { 0 };
	uint64_t parent = 0;
	ESYS_TR object;

	*public = (TPM2B_PUBLIC){ 0 };
	if (b == NULL || at != der.p + der.n || !unmarshal(b, public, &private))
		die_world("%s: '%s' holds no TSS2 key that can be loaded", option, name);
	if (ASN1_INTEGER_get_uint64(&parent, b->parent) != 1 || parent >> 24 != 0x81)
		die_world("%s: '%s' needs a persistent key in the TPM as its parent", option, name);
	tss_need(tss.Esys_Load(esys, tpm_persistent((uint32_t)parent), ESYS_TR_PASSWORD, ESYS_TR_NONE,
	    ESYS_TR_NONE, &private, public, &object), "the TPM does not load the key");
	ASN1_item_free((ASN1_VALUE *)b, ASN1_ITEM_rptr(BLOCK));
	set_pin(object, pin);
	return tss_opened(object);
}

EVP_PKEY *
tpm_key_of_block(const char *option, const char *name, struct bytes der, const char *pin)
{
	TPM2B_PUBLIC public;
	ESYS_TR object;

	tss_start(option);
	object = load_block(option, name, der, pin, &public);
	return make_key(object, &public.publicArea, der, pin);
}

static bool
is_block(const struct tpm_key *k)
{
	return k->reference.p[0] == 0x30;	/* SEQUENCE; a handle is text */
}

ESYS_TR
tpm_loaded(const EVP_PKEY *key)
{
	struct tpm_key *k = tpm_object(key);
	TPM2B_PUBLIC public;

	if (k->object == ESYS_TR_NONE)
		k->object = load_block("TPM", "the key", buf_bytes(&k->reference), k->pin, &public);
	return k->object;
}

void
tpm_make_room(void)
{
	for (struct tpm_key *k = keys; k != NULL; k = k->next)
		if (is_block(k) && k->object != ESYS_TR_NONE) {
			tss_flush(k->object);
			k->object = ESYS_TR_NONE;
		}
}

struct bytes
tpm_reference(const EVP_PKEY *key)
{
	return buf_bytes(&tpm_object(key)->reference);
}

EVP_PKEY *
tpm_key_of(const char *where, struct bytes reference)
{
	char uri[sizeof "handle:0x81000001"];

	if (text_copy((struct text){ reference.p, reference.n }, uri, sizeof uri))
		return tpm_key_of_handle(where, uri, NULL);
	return tpm_key_of_block(where, "the key", reference, NULL);
}

/* --- signing and agreeing ---------------------------------------------------------- */

void
tpm_signature(const TPMT_SIGNATURE *from, uint8_t to[static 64])
{
	if (from->sigAlg != TPM2_ALG_ECDSA ||
	    !put_coordinate(&from->signature.ecdsa.signatureR, to) ||
	    !put_coordinate(&from->signature.ecdsa.signatureS, to + COORDINATE))
		die_world("the TPM signs in another way");
}

/*
 * The TPM digests the message itself, and gives a ticket that says so: a restricted key signs no
 * other digest, lest it sign what looks like a quote.
 */
static TPM2B_DIGEST *
digest(struct bytes message, TPMT_TK_HASHCHECK **ticket)
{
	static const char fact[] = "the TPM does not digest";
	static const TPM2B_AUTH none;
	TPM2B_MAX_BUFFER part;
	TPM2B_DIGEST *digest;
	ESYS_TR sequence;

	tss_need(tss.Esys_HashSequenceStart(esys, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &none,
	    TPM2_ALG_SHA256, &sequence), fact);
	tss_opened(sequence);
	for (; message.n > sizeof part.buffer; message.p += part.size, message.n -= part.size) {
		part.size = sizeof part.buffer;
		memcpy(part.buffer, message.p, part.size);
		tss_need(tss.Esys_SequenceUpdate(esys, sequence, ESYS_TR_PASSWORD, ESYS_TR_NONE,
		    ESYS_TR_NONE, &part), fact);
	}
	part.size = (UINT16)message.n;
	bytes_copy(part.buffer, message);
	tss_need(tss.Esys_SequenceComplete(esys, sequence, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE,
	    &part, ESYS_TR_RH_OWNER, &digest, ticket), fact);
	tss_forget(sequence);	/* it went with the result */
	return digest;
}

void
tpm_sign(const EVP_PKEY *key, struct bytes message, uint8_t signature[static 64])
{
	TPMT_TK_HASHCHECK *ticket;
	TPM2B_DIGEST *d = digest(message, &ticket);
	TPMT_SIGNATURE *s;

	tss_need(tss.Esys_Sign(esys, tpm_loaded(key), ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE, d,
	    &tpm_ecdsa, ticket, &s), "the TPM does not sign with this key");
	tpm_signature(s, signature);
	tss.Esys_Free(d);
	tss.Esys_Free(ticket);
	tss.Esys_Free(s);
}

void
tpm_agree(const EVP_PKEY *own, const uint8_t x[static COORDINATE], const uint8_t y[static COORDINATE],
    uint8_t shared[static COORDINATE])
{
	TPM2B_ECC_POINT peer = { .point = { .x.size = COORDINATE, .y.size = COORDINATE } }, *z;

	memcpy(peer.point.x.buffer, x, COORDINATE);
	memcpy(peer.point.y.buffer, y, COORDINATE);
	tss_need(tss.Esys_ECDH_ZGen(esys, tpm_loaded(own), ESYS_TR_PASSWORD, ESYS_TR_NONE,
	    ESYS_TR_NONE, &peer, &z), "the TPM does not agree on a key with this one");
	if (!put_coordinate(&z->point.x, shared))
		die_world("the TPM agrees on a key of another length");
	secret_wipe(z, sizeof *z);
	tss.Esys_Free(z);
}
