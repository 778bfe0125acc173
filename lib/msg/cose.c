/* SPDX-License-Identifier: Apache-2.0 */
#include "msg/cose.h"

/* --- tables ------------------------------------------------------------------ */

static const char *const algorithm_words[] = {
	"ES256", "EdDSA", "A128GCM", "A256GCM", "ECDH-ES+A128KW", "ECDH-ES+A256KW", "direct"
};
static const int64_t algorithm_codes[] = { -7, -8, 1, 3, -29, -31, -6 };
const struct choices cose_algorithms = CODES(algorithm_words, algorithm_codes);
static const struct choices signature_algorithms = { algorithm_words, algorithm_codes, COSE_EDDSA };

static const char *const key_type_words[] = { "EC2" };
static const int64_t key_type_codes[] = { 2 };
static const struct choices key_types = CODES(key_type_words, key_type_codes);
static const char *const curve_words[] = { "P-256" };
static const int64_t curve_codes[] = { 1 };
static const struct choices curves = CODES(curve_words, curve_codes);

static const struct field cose_key_fields[] = {
	FIELD_CODE(cose_key, 1, kty, REQUIRED, &key_types),
	FIELD_CODE(cose_key, -1, crv, REQUIRED, &curves),
	FIELD(cose_key, -2, x, REQUIRED, 32, 32),
	FIELD(cose_key, -3, y, REQUIRED, 32, 32),
};
const struct record cose_key_record = RECORD(cose_key, "cose-key", cose_key_fields, .type = NULL);

const struct field cose_x5chain_element = ELEMENT(KIND_BYTES, "certificate", CERTIFICATE, 1, 4096, NULL);

static const struct field cose_header_fields[] = {
	FIELD_CODE(cose_header, 1, alg, OPTIONAL, &cose_algorithms),
	FIELD(cose_header, 3, content_type, OPTIONAL, 1, 64),
	FIELD(cose_header, 4, kid, OPTIONAL, 0, 64),
	FIELD(cose_header, 5, iv, OPTIONAL, 12, 12),
	FIELD_LIST(cose_header, 33, x5chain, OPTIONAL | BARE_ONE, 1, 4, &cose_x5chain_element),
	FIELD_RECORD(cose_header, -1, ephemeral_key, OPTIONAL, &cose_key_record),
};
const struct record cose_header_record = RECORD(cose_header, "cose-header", cose_header_fields, .type = NULL);

const struct record cose_empty_record = { .name = "empty", .size = sizeof(struct cose_empty) };

static const struct field cose_signed_header_fields[] = {
	FIELD_CODE(cose_header, 1, alg, REQUIRED, &signature_algorithms),
	FIELD(cose_header, 3, content_type, REQUIRED, 1, 64),
	FIELD_LIST(cose_header, 33, x5chain, BARE_ONE, 1, 4, &cose_x5chain_element),
};
const struct record cose_signed_header_record =
    RECORD(cose_header, "signed-header", cose_signed_header_fields, .type = NULL);

static const struct field cose_recipient_fields[] = {
	FIELD_EMBEDDED(cose_recipient, 0, protected, REQUIRED, 1024, &cose_header_record),
	FIELD_RECORD(cose_recipient, 1, unprotected, REQUIRED, &cose_header_record),
	FIELD(cose_recipient, 2, encrypted_key, REQUIRED, 24, 40),
};
static const struct record cose_recipient_record =
    RECORD(cose_recipient, "cose-recipient", cose_recipient_fields, .array = true);
const struct field cose_recipient_element =
    ELEMENT(KIND_RECORD, "recipient", REQUIRED, 0, 0, &cose_recipient_record);

static const struct field cose_encrypt_fields[] = {
	FIELD_EMBEDDED(cose_encrypt, 0, protected, REQUIRED, 1024, &cose_header_record),
	FIELD_RECORD(cose_encrypt, 1, unprotected, REQUIRED, &cose_header_record),
	FIELD(cose_encrypt, 2, ciphertext, REQUIRED, 16, 65536),
	FIELD_LIST(cose_encrypt, 3, recipients, REQUIRED, 1, 1, &cose_recipient_element),
};
const struct record cose_encrypt_record =
    RECORD(cose_encrypt, "cose-encrypt", cose_encrypt_fields, .tag = TAG_ENCRYPT, .array = true);

static const struct field cose_encrypt0_fields[] = {
	FIELD_EMBEDDED(cose_encrypt0, 0, protected, REQUIRED, 1024, &cose_header_record),
	FIELD_RECORD(cose_encrypt0, 1, unprotected, REQUIRED, &cose_header_record),
	FIELD(cose_encrypt0, 2, ciphertext, REQUIRED, 16, 65536),
};
const struct record cose_encrypt0_record =
    RECORD(cose_encrypt0, "cose-encrypt0", cose_encrypt0_fields, .tag = TAG_ENCRYPT0, .array = true);
