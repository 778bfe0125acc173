/* SPDX-License-Identifier: Apache-2.0 */
#include "role/simfile.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

/*
 * Identities are digits and secrets become hex digits, so nothing that is
 * written here can end a string or a statement of the target's language.
 */
__attribute__((format(printf, 2, 3))) static void
say(struct buf *out, const char *fmt, ...)
{
	char part[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(part, sizeof part, fmt, ap);
	va_end(ap);
	buf_add(out, text_bytes(text_of(part)));
	explicit_bzero(part, sizeof part);
}

static bool
cannot(struct fault *f, const char *where, const char *what)
{
	return fault_refuse(f, "not-representable", where, "the target cannot hold %s", what);
}

/* What none of the targets knows. */
static bool
is_plain(const struct credential *c, struct fault *f)
{
	if (c->rotations.p != NULL)
		return cannot(f, "rotations", "an operator's own constants");
	return c->options.delta == 0 && c->options.age_limit == 0 ? true :
	    cannot(f, "options", "the card's limits");
}

static bool
is_plain_milenage(const struct credential *c, struct fault *f)
{
	if (c->algorithm != AKA_MILENAGE)
		return cannot(f, "algorithm", aka_algorithms.words[c->algorithm - 1]);
	if (credential_ind_bits(c) != AKA_IND_BITS)
		return cannot(f, "options.ind_bits", "another length of IND than 5");
	return is_plain(c, f);
}

/* The last SQN used, from which the target counts on: ours is the next. */
static uint64_t
last_sqn(const struct credential *c)
{
	uint64_t step = UINT64_C(1) << credential_ind_bits(c);

	return c->sqn >= step ? c->sqn - step : 0;
}

/* OsmoHLR's database, schema of version 6: SQL for sqlite3(1). */
enum { OSMO_XOR_3G = 4, OSMO_MILENAGE = 5 };

static bool
put_osmo_hlr(struct text id, const struct credential *c, struct buf *out, struct fault *f)
{
	if (c->algorithm == AKA_TUAK)
		return cannot(f, "algorithm", "tuak");
	if (!is_plain(c, f))
		return false;
	say(out, "INSERT INTO subscriber(imsi, nam_cs, nam_ps) VALUES('%.*s', 1, 1);\n"
	    "INSERT INTO auc_3g(subscriber_id, algo_id_3g, k, opc, sqn, ind_bitlen)"
	    " VALUES(last_insert_rowid(), %d, '", (int)id.n, id.p,
	    c->algorithm == AKA_MILENAGE ? OSMO_MILENAGE : OSMO_XOR_3G);
	hex_add(out, c->k);
	if (c->opc.p != NULL) {
		say(out, "', '");
		hex_add(out, c->opc);
		say(out, "'");
	} else
		say(out, "', NULL");
	say(out, ", %" PRIu64 ", %u);\n", last_sqn(c), credential_ind_bits(c));
	return true;
}

/* hostapd's milenage file: IMSI K OPc AMF SQN */
static bool
put_hostapd(struct text id, const struct credential *c, struct buf *out, struct fault *f)
{
	if (!is_plain_milenage(c, f))
		return false;
	say(out, "%.*s ", (int)id.n, id.p);
	hex_add(out, c->k);
	say(out, " ");
	hex_add(out, c->opc);
	say(out, " ");
	hex_add(out, c->amf);
	say(out, " %012" PRIx64 "\n", last_sqn(c));
	return true;
}

/* Open5GS: a line for mongoimport into the collection subscribers. */
static bool
put_open5gs(struct text id, const struct credential *c, struct buf *out, struct fault *f)
{
	if (!is_plain_milenage(c, f))
		return false;
	say(out, "{\"schema_version\":1,\"imsi\":\"%.*s\",\"security\":{\"k\":\"", (int)id.n, id.p);
	hex_add(out, c->k);
	say(out, "\",\"op\":null,\"opc\":\"");
	hex_add(out, c->opc);
	say(out, "\",\"amf\":\"");
	hex_add(out, c->amf);
	say(out, "\",\"sqn\":{\"$numberLong\":\"%" PRIu64 "\"}},"
	    "\"subscriber_status\":0,\"network_access_mode\":0,\"access_restriction_data\":32,", c->sqn);
	say(out, "\"ambr\":{\"downlink\":{\"value\":1,\"unit\":2},\"uplink\":{\"value\":1,\"unit\":2}},"
	    "\"slice\":[{\"sst\":1,\"default_indicator\":true,\"session\":[{\"name\":\"internet\",\"type\":3,"
	    "\"qos\":{\"index\":9,\"arp\":{\"priority_level\":8,\"pre_emption_capability\":1,"
	    "\"pre_emption_vulnerability\":1}}}]}]}\n");
	return true;
}

/* free5GC: a line for mongoimport into subscriptionData.authenticationData.authenticationSubscription. */
static bool
put_free5gc(struct text id, const struct credential *c, struct buf *out, struct fault *f)
{
	if (!is_plain_milenage(c, f))
		return false;
	say(out, "{\"ueId\":\"imsi-%.*s\",\"authenticationMethod\":\"5G_AKA\","
	    "\"permanentKey\":{\"permanentKeyValue\":\"", (int)id.n, id.p);
	hex_add(out, c->k);
	say(out, "\",\"encryptionKey\":0,\"encryptionAlgorithm\":0},\"sequenceNumber\":\"%012" PRIx64
	    "\",\"authenticationManagementField\":\"", c->sqn);
	hex_add(out, c->amf);
	say(out, "\",\"milenage\":{\"op\":{\"opValue\":\"\",\"encryptionKey\":0,\"encryptionAlgorithm\":0}},"
	    "\"opc\":{\"opcValue\":\"");
	hex_add(out, c->opc);
	say(out, "\",\"encryptionKey\":0,\"encryptionAlgorithm\":0}}\n");
	return true;
}

/* pySim-prog's batch file. */
static bool
put_pysim(struct text id, const struct credential *c, struct buf *out, struct fault *f)
{
	if (!is_plain_milenage(c, f))
		return false;
	say(out, "%.*s,", (int)id.n, id.p);
	hex_add(out, c->k);
	say(out, ",");
	hex_add(out, c->opc);
	say(out, "\n");
	return true;
}

static const struct simfile targets[] = {
	{ "osmo-hlr", "BEGIN IMMEDIATE;\n", "COMMIT;\n", put_osmo_hlr },
	{ "hostapd", "", "", put_hostapd },
	{ "open5gs", "", "", put_open5gs },
	{ "free5gc", "", "", put_free5gc },
	{ "pysim", "imsi,ki,opc\n", "", put_pysim },
};

const struct simfile *
simfile_find(const char *name)
{
	for (size_t i = 0; i < COUNT(targets); i++)
		if (strcmp(name, targets[i].name) == 0)
			return &targets[i];
	return NULL;
}
