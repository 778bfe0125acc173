/* SPDX-License-Identifier: Apache-2.0 */
/* vno-check - compare the response with the vector and grant what the subscription allows */
#include "base/cli.h"
#include "base/die.h"
#include "crypto/secret.h"
#include "msg/attach.h"
#include "msg/pcid.h"
#include "msg/vector.h"
#include "wire/stream.h"

static const char *plmn;

static const struct poptOption options[] = {
	{ "plmn", 'p', POPT_ARG_STRING, &plmn, 0, "PLMN of this network: 001-01", "MCC-MNC" },
	CLI_ARMOR,
	CLI_KEEP_GOING,
	CLI_CLOCK,
	CLI_PROGRESS,
	CLI_END
};

struct attach {			/* the latest of each; the response closes the case */
	struct buf av_bytes, subscription_bytes;
	struct av av;
	struct subscription subscription;
};

/* Each kind of vector has its own expectation (TS 33.102, 33.401, 33.501 6.1.3.2). */
static bool
res_fits(const struct av *av, const struct auth_response *r)
{
	uint8_t hres_star[KDF_RES_STAR];

	switch (av->kind) {
	case AV_GSM: return secret_equal(r->res, av->sres);
	case AV_5G_HE: return secret_equal(r->res, av->xres_star);
	case AV_5G_SE:
		if (r->res.n != KDF_RES_STAR)
			return false;
		kdf_hres_star(av->rand.p, r->res.p, hres_star);
		return secret_equal(BYTES(hres_star), av->hxres_star);
	default: return secret_equal(r->res, av->xres);
	}
}

static bool
response_fits(const struct av *av, const struct auth_response *r, struct fault *f)
{
	if (!text_equal(r->identity, av->identity))
		return fault_refuse(f, "other-identity", "auth-response.identity",
		    "is not the vector's");
	if (!bytes_equal(r->rand, av->rand))
		return fault_refuse(f, "other-challenge", "auth-response.rand",
		    "is not the vector's");
	if (r->failure == FAILURE_SEPARATION)
		return fault_refuse(f, "separation-bit", "auth-response.failure",
		    "the equipment refused the AMF");
	if (r->failure != 0)
		return fault_refuse(f, "mac-failure", "auth-response.failure",
		    "the card refused the network");
	if (r->auts.p != NULL)
		return fault_refuse(f, "sync-failure", "auth-response.auts",
		    "resynchronise with vno-request (TS 33.102 6.3.5)");
	return res_fits(av, r) ||
	    fault_refuse(f, "wrong-response", "auth-response.res", "is not what was expected");
}

static bool
subscription_allows(const struct subscription *s, struct text identity, struct fault *f)
{
	const char *state = subscription_states.words[s->state - 1];

	if (!text_equal(s->identity, identity))
		return fault_refuse(f, "other-identity", "subscription.identity",
		    "is not the vector's");
	if (s->state != SUBSCRIPTION_LIVE)
		return fault_refuse(f, state, "subscription.state", "is %s", state);
	if (s->not_after != 0 && s->not_after <= cli_clock())
		return fault_refuse(f, "expired", "subscription.not_after", "has passed");
	return true;
}

static bool
close_case(struct attach *a, const struct item *item, struct fault *f)
{
	struct auth_response r;
	struct av av = a->av;

	a->av.rand.p = NULL;	/* a vector serves once, whatever comes of it */
	stream_expect(NULL);
	if (!item_decode(item, &auth_response_record, &r, f))
		return false;
	if (av.rand.p == NULL || a->subscription.state == 0)
		return stream_lacks("an av and a subscription before the auth-response", f);
	if (!response_fits(&av, &r, f) ||
	    !subscription_allows(&a->subscription, av.identity, f))
		return false;
	stream_put(&grant_record, &(struct grant){
	    .identity = r.identity, .plmn = text_of(plmn), .apns = a->subscription.apns,
	    .destinations = a->subscription.destinations, .not_after = a->subscription.not_after,
	});
	return true;
}

static bool
check(const struct item *item, void *context, struct fault *f)
{
	struct attach *a = context;

	if (item_is(item, &auth_response_record))
		return close_case(a, item, f);
	stream_expect("auth-response/1");
	if (item_is(item, &av_record))
		return item_keep(item, &av_record, &a->av, &a->av_bytes, f);
	if (item_is(item, &subscription_record))
		return item_keep(item, &subscription_record, &a->subscription,
		    &a->subscription_bytes, f);
	return item_unwanted(item, "av/1, subscription/1 or auth-response/1", f);
}

int
main(int argc, char *argv[])
{
	const char *const *files = cli_start(argc, argv, options, "[OPTION...] [FILE...]", CLI_ANY);
	static struct attach a;
	struct fault f;

	cli_require(plmn, "--plmn");
	if (!plmn_check(text_of(plmn), "--plmn", &f))
		die_fault(&f);
	return stream_run(files, check, &a, NULL);
}
