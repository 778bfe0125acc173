/* SPDX-License-Identifier: Apache-2.0 */
#include "msg/inventory.h"

#include "crypto/digest.h"
#include "msg/claims.h"
#include "msg/evidence.h"
#include "msg/mid.h"
#include "msg/pcid.h"

static const char *const state_words[] = { "created", "installed", "active", "inactive",
	"discarded"
};
const struct choices mid_states = CHOICES(state_words);

static const struct field stored_mid_fields[] = {
	FIELD(stored_mid, 1, id, REQUIRED, 1, MID_ID_MAX),
	FIELD(stored_mid, 2, sho, REQUIRED, 1, NAME_BYTES),
	FIELD(stored_mid, 3, imsi, DIGITS, 6, IMSI_MAX),
	FIELD_WORD(stored_mid, 4, state, REQUIRED, &mid_states),
};
static const struct record stored_mid_record =
    RECORD(stored_mid, "stored-mid", stored_mid_fields, .type = NULL);
const struct field stored_mid_element =
    ELEMENT(KIND_RECORD, "mid", REQUIRED, 0, 0, &stored_mid_record);

static const char *const switch_words[] = { "ordered", "attested", "discarding", "done" };
const struct choices switch_states = CHOICES(switch_words);

static const char *const kind_words[] = { "report", "discard" };
const struct choices receipt_kinds = CHOICES(kind_words);

static const struct field waiting_fields[] = {
	FIELD_WORD(waiting, 1, kind, REQUIRED, &receipt_kinds),
	FIELD(waiting, 2, to, REQUIRED, 1, NAME_BYTES),
	FIELD(waiting, 3, mid, REQUIRED, 1, MID_ID_MAX),
	FIELD_TIME(waiting, 4, made, REQUIRED),
	FIELD(waiting, 5, digest, REQUIRED, DIGEST_LEN, DIGEST_LEN),
};
static const struct record waiting_record =
    RECORD(waiting, "waiting", waiting_fields, .type = NULL);
const struct field waiting_element =
    ELEMENT(KIND_RECORD, "receipt", REQUIRED, 0, 0, &waiting_record);

static const struct field inventory_fields[] = {
	FIELD(inventory, 1, ueid, REQUIRED, 7, 33),
	FIELD_WORD(inventory, 2, tre_class, REQUIRED, &tre_classes),
	FIELD(inventory, 3, serial, REQUIRED, 1, NAME_BYTES),
	FIELD(inventory, 4, pcid, OPTIONAL | DIGITS, 6, IMSI_MAX),
	FIELD_TIME(inventory, 5, pcid_not_after, OPTIONAL),
	FIELD(inventory, 6, plc, OPTIONAL, 32, 32),
	FIELD(inventory, 7, anchors, REQUIRED, 0, UINT32_MAX),
	FIELD_LIST(inventory, 8, mids, OPTIONAL, 1, 64, &stored_mid_element),
	FIELD_WORD(inventory, 9, switching, OPTIONAL, &switch_states),
	FIELD(inventory, 10, switching_to, OPTIONAL, 1, NAME_BYTES),
	FIELD_LIST(inventory, 11, waiting, OPTIONAL, 1, OUTBOX_MAX, &waiting_element),
	FIELD(inventory, 12, new_pcid, OPTIONAL | DIGITS, 6, IMSI_MAX),
	FIELD_TIME(inventory, 13, new_pcid_not_after, OPTIONAL),
};
const struct record inventory_record =
    RECORD(inventory, "inventory", inventory_fields, .type = "inventory/1");
