/* SPDX-License-Identifier: Apache-2.0 */
#include "msg/attach.h"

#include "msg/pcid.h"

static const char *const kind_words[] = { "umts" };
const struct choices av_kinds = CHOICES(kind_words);
static const char *const state_words[] = { "dormant", "live", "expired" };
const struct choices subscription_states = CHOICES(state_words);
static const char *const failure_words[] = { "mac-failure" };
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
	return plmn_check(a->plmn, "plmn", f);
}

static const struct field av_request_fields[] = {
	FIELD(av_request, 1, identity, DIGITS, 6, IMSI_MAX),
	FIELD(av_request, 2, request, REQUIRED, REQUEST_ID, REQUEST_ID),
	FIELD_WORD(av_request, 3, kind, REQUIRED, &av_kinds),
	FIELD(av_request, 4, count, REQUIRED, 1, VECTORS_MAX),
	FIELD(av_request, 5, plmn, REQUIRED, 6, PLMN_MAX),
	FIELD(av_request, 6, rand, OPTIONAL, AKA_RAND, AKA_RAND),
	FIELD(av_request, 7, auts, OPTIONAL, AKA_AUTS, AKA_AUTS),
};
const struct record av_request_record = RECORD(av_request, "av-request", av_request_fields,
    .type = "av-request/1", .check = av_request_check);

static const struct field av_fields[] = {
	FIELD(av, 1, identity, DIGITS, 6, IMSI_MAX),
	FIELD(av, 2, request, OPTIONAL, REQUEST_ID, REQUEST_ID),
	FIELD_WORD(av, 3, kind, REQUIRED, &av_kinds),
	FIELD(av, 4, rand, REQUIRED, AKA_RAND, AKA_RAND),
	FIELD(av, 5, autn, REQUIRED, AKA_AUTN, AKA_AUTN),
	FIELD(av, 6, xres, SECRET, 4, AKA_RES_MAX),
	FIELD(av, 7, ck, SECRET, AKA_KEY, AKA_KEY),
	FIELD(av, 8, ik, SECRET, AKA_KEY, AKA_KEY),
};
const struct record av_record = RECORD(av, "av", av_fields, .type = "av/1");

static const struct field challenge_fields[] = {
	FIELD(challenge, 1, identity, DIGITS, 6, IMSI_MAX),
	FIELD(challenge, 2, rand, REQUIRED, AKA_RAND, AKA_RAND),
	FIELD(challenge, 3, autn, REQUIRED, AKA_AUTN, AKA_AUTN),
};
const struct record challenge_record =
    RECORD(challenge, "challenge", challenge_fields, .type = "challenge/1");

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
