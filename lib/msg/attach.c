/* SPDX-License-Identifier: Apache-2.0 */
#include "msg/attach.h"

#include "crypto/kdf.h"
#include "msg/pcid.h"

static const char *const kind_words[] = { "umts", "gsm", "eps", "5g-he", "5g-se", "eap-aka-prime" };
const struct choices av_kinds = CHOICES(kind_words);

bool
vector_is_separated(uint64_t kind)
{
	return kind == AV_EPS || kind == AV_5G_HE || kind == AV_5G_SE || kind == AV_EAP_AKA_PRIME;
}

bool
vector_binding(uint64_t kind, struct text plmn, struct text network, bool options, struct fault *f)
{
	const char *word = av_kinds.words[kind - 1];

	if (kind == AV_EAP_AKA_PRIME && network.p == NULL)
		return fault_request(f, options ? "--network" : "network", "is missing: %s is bound to one", word);
	if (vector_is_separated(kind) && kind != AV_EAP_AKA_PRIME && plmn.p == NULL)
		return fault_request(f, options ? "--plmn" : "plmn", "is missing: %s is bound to one", word);
	return true;
}

static const char *const state_words[] = { "dormant", "live", "expired", "quarantined" };
const struct choices subscription_states = CHOICES(state_words);
static const char *const failure_words[] = { "mac-failure", "separation-bit" };
static const struct choices failures = CHOICES(failure_words);

static const struct field attach_request_fields[] = {
	FIELD(attach_request, 1, identity, DIGITS, 6, IMSI_MAX),
	FIELD(attach_request, 2, ueid, OPTIONAL, 7, UEID_BYTES_MAX),
};
const struct record attach_request_record =
    RECORD(attach_request, "attach-request", attach_request_fields, .type = "attach-request/1");

static bool
av_request_check(const void *obj, struct fault *f)
{
	const struct av_request *a = obj;

	if ((a->rand.p == NULL) != (a->auts.p == NULL))
		return fault_request(f, "auts", "rand and auts come both or not at all");
	if ((a->kind == AV_5G_HE || a->kind == AV_5G_SE) && a->count != 1)
		return fault_request(f, "count", "needs 1 for 5G (TS 33.501 6.1.3.2)");
	return plmn_check(a->plmn, "plmn", f) && vector_binding(a->kind, a->plmn, a->network, false, f);
}

static const struct field av_request_fields[] = {
	FIELD(av_request, 1, identity, DIGITS, 6, IMSI_MAX),
	FIELD(av_request, 2, request, REQUIRED, REQUEST_ID, REQUEST_ID),
	FIELD_WORD(av_request, 3, kind, REQUIRED, &av_kinds),
	FIELD(av_request, 4, count, REQUIRED, 1, VECTORS_MAX),
	FIELD(av_request, 5, plmn, REQUIRED, 6, PLMN_MAX),
	FIELD(av_request, 6, rand, OPTIONAL, AKA_RAND, AKA_RAND),
	FIELD(av_request, 7, auts, OPTIONAL, AKA_AUTS, AKA_AUTS),
	FIELD(av_request, 8, network, OPTIONAL, 1, NETWORK_BYTES_MAX),
};
const struct record av_request_record = RECORD(av_request, "av-request", av_request_fields,
    .type = "av-request/1", .check = av_request_check);

/* What each kind holds besides identity, request, kind and rand. */
#define K(kind) (1u << AV_ ## kind)
#define PART(member, kinds) { #member, offsetof(struct av, member), kinds }

static const struct {
	const char *name;
	size_t at;
	unsigned kinds;
} parts[] = {
	PART(autn, ~K(GSM)),
	PART(xres, K(UMTS) | K(EPS) | K(EAP_AKA_PRIME)),
	PART(ck, K(UMTS)),
	PART(ik, K(UMTS)),
	PART(sres, K(GSM)),
	PART(kc, K(GSM)),
	PART(kasme, K(EPS)),
	PART(xres_star, K(5G_HE)),
	PART(kausf, K(5G_HE)),
	PART(hxres_star, K(5G_SE)),
	PART(ck_prime, K(EAP_AKA_PRIME)),
	PART(ik_prime, K(EAP_AKA_PRIME)),
	PART(plmn, K(EPS) | K(5G_HE) | K(5G_SE)),
	PART(network, K(EAP_AKA_PRIME)),
};

static bool
av_check(const void *obj, struct fault *f)
{
	const struct av *a = obj;

	for (size_t i = 0; i < COUNT(parts); i++) {
		const struct bytes *part = (const void *)((const char *)obj + parts[i].at);
		bool there = part->p != NULL;

		if (there != (parts[i].kinds >> a->kind & 1))
			return fault_request(f, parts[i].name,
			    there ? "is not part of a vector of kind %s" :
			    "is missing from a vector of kind %s", av_kinds.words[a->kind - 1]);
	}
	return a->plmn.p == NULL || plmn_check(a->plmn, "plmn", f);
}

static const struct field av_fields[] = {
	FIELD(av, 1, identity, DIGITS, 6, IMSI_MAX),
	FIELD(av, 2, request, OPTIONAL, REQUEST_ID, REQUEST_ID),
	FIELD_WORD(av, 3, kind, REQUIRED, &av_kinds),
	FIELD(av, 4, rand, REQUIRED, AKA_RAND, AKA_RAND),
	FIELD(av, 5, autn, OPTIONAL, AKA_AUTN, AKA_AUTN),
	FIELD(av, 6, xres, OPTIONAL | SECRET, 4, AKA_RES_MAX),
	FIELD(av, 7, ck, OPTIONAL | SECRET, AKA_KEY, AKA_KEY),
	FIELD(av, 8, ik, OPTIONAL | SECRET, AKA_KEY, AKA_KEY),
	FIELD(av, 9, sres, OPTIONAL | SECRET, 4, 4),
	FIELD(av, 10, kc, OPTIONAL | SECRET, 8, 8),
	FIELD(av, 11, kasme, OPTIONAL | SECRET, KDF_KEY, KDF_KEY),
	FIELD(av, 12, xres_star, OPTIONAL | SECRET, KDF_RES_STAR, KDF_RES_STAR),
	FIELD(av, 13, kausf, OPTIONAL | SECRET, KDF_KEY, KDF_KEY),
	FIELD(av, 14, hxres_star, OPTIONAL | SECRET, KDF_RES_STAR, KDF_RES_STAR),
	FIELD(av, 15, ck_prime, OPTIONAL | SECRET, AKA_KEY, AKA_KEY),
	FIELD(av, 16, ik_prime, OPTIONAL | SECRET, AKA_KEY, AKA_KEY),
	FIELD(av, 17, plmn, OPTIONAL, 6, PLMN_MAX),
	FIELD(av, 18, network, OPTIONAL, 1, NETWORK_BYTES_MAX),
};
const struct record av_record = RECORD(av, "av", av_fields, .type = "av/1", .check = av_check);

static bool
challenge_check(const void *obj, struct fault *f)
{
	const struct challenge *c = obj;

	if ((c->autn.p == NULL) != (c->kind == AV_GSM))
		return fault_request(f, "autn", c->autn.p == NULL ? "is missing" : "is not part of a gsm challenge");
	if (c->plmn.p == NULL && (c->kind == AV_5G_HE || c->kind == AV_5G_SE))
		return fault_request(f, "plmn", "is missing");
	return c->plmn.p == NULL || plmn_check(c->plmn, "plmn", f);
}

static const struct field challenge_fields[] = {
	FIELD(challenge, 1, identity, DIGITS, 6, IMSI_MAX),
	FIELD(challenge, 2, rand, REQUIRED, AKA_RAND, AKA_RAND),
	FIELD(challenge, 3, autn, OPTIONAL, AKA_AUTN, AKA_AUTN),
	FIELD_WORD(challenge, 4, kind, OPTIONAL, &av_kinds),
	FIELD(challenge, 5, plmn, OPTIONAL, 6, PLMN_MAX),
};
const struct record challenge_record = RECORD(challenge, "challenge", challenge_fields,
    .type = "challenge/1", .check = challenge_check);

static bool
auth_response_check(const void *obj, struct fault *f)
{
	const struct auth_response *a = obj;

	if ((a->res.p != NULL) + (a->auts.p != NULL) + (a->failure != 0) == 1)
		return true;
	return fault_request(f, "res", "needs exactly one of res, auts and failure");
}

static const struct field auth_response_fields[] = {
	FIELD(auth_response, 1, identity, DIGITS, 6, IMSI_MAX),
	FIELD(auth_response, 2, rand, REQUIRED, AKA_RAND, AKA_RAND),
	FIELD(auth_response, 3, res, OPTIONAL, 4, AKA_RES_MAX),
	FIELD(auth_response, 4, auts, OPTIONAL, AKA_AUTS, AKA_AUTS),
	FIELD_WORD(auth_response, 5, failure, OPTIONAL, &failures),
};
const struct record auth_response_record = RECORD(auth_response, "auth-response",
    auth_response_fields, .type = "auth-response/1", .check = auth_response_check);

const struct field apn_element = ELEMENT(KIND_TEXT, "apn", REQUIRED, 1, 100, NULL);
const struct field destination_element = ELEMENT(KIND_TEXT, "destination", REQUIRED, 1, 255, NULL);

static const struct field subscription_fields[] = {
	FIELD(subscription, 1, identity, DIGITS, 6, IMSI_MAX),
	FIELD_WORD(subscription, 2, state, REQUIRED, &subscription_states),
	FIELD_LIST(subscription, 3, apns, OPTIONAL, 1, 16, &apn_element),
	FIELD_LIST(subscription, 4, destinations, OPTIONAL, 1, 64, &destination_element),
	FIELD_TIME(subscription, 5, not_after, OPTIONAL),
};
const struct record subscription_record =
    RECORD(subscription, "subscription", subscription_fields, .type = "subscription/1");

static const struct field grant_fields[] = {
	FIELD(grant, 1, identity, DIGITS, 6, IMSI_MAX),
	FIELD(grant, 2, plmn, REQUIRED, 6, PLMN_MAX),
	FIELD_LIST(grant, 3, apns, OPTIONAL, 1, 16, &apn_element),
	FIELD_LIST(grant, 4, destinations, OPTIONAL, 1, 64, &destination_element),
	FIELD_TIME(grant, 5, not_after, OPTIONAL),
};
const struct record grant_record = RECORD(grant, "grant", grant_fields, .type = "grant/1");
