/* SPDX-License-Identifier: Apache-2.0 */
#include "role/unwrap.h"

#include "crypto/secret.h"
#include "msg/envelope.h"

/* --- before it is opened ---------------------------------------------------------- */

bool
package_belongs(const struct mid_package *p, const struct registration *r, struct fault *f)
{
	if (!text_equal(p->sho, r->sho))
		return fault_refuse(f, "wrong-operator", "mid-package.sho", "is not the registration's");
	if (!text_equal(p->pcid, r->pcid))
		return fault_refuse(f, "wrong-pcid", "mid-package.pcid", "is not the registration's");
	if (p->nonce.p != NULL && !bytes_equal(p->nonce, r->nonce))
		return fault_refuse(f, "wrong-nonce", "mid-package.nonce", "is not the registration's");
	return true;
}

void
unwrapper_set(struct unwrapper *who, EVP_PKEY *sealing)
{
	uint8_t x[COORDINATE], y[COORDINATE];

	who->sealing = sealing;
	key_point(sealing, x, y);
	cose_thumbprint(&(struct cose_key){ 1, 1, BYTES(x), BYTES(y) }, who->thumbprint);
}

static bool
may_be_opened(const struct mid_package *p, const struct unwrapper *who, uint64_t now,
    struct fault *f)
{
	if (!signed_in_time("mid-package", p->iat, p->exp, now, f))
		return false;
	if (p->key.p != NULL && !bytes_equal(p->key, BYTES(who->thumbprint)))
		return fault_refuse(f, "not-for-us", "mid-package.key", "is another's sealing key");
	return p->sealed.n <= SEALED_MAX || fault_refuse(f, "too-large", "mid-package.sealed",
	    "needs at most %d bytes, has %zu", SEALED_MAX, p->sealed.n);
}

/* --- what is inside --------------------------------------------------------------- */

bool
trial_runs(const struct mid *mid, struct fault *f)
{
	struct aka_keys keys = credential_keys(mid_credential(mid));
	struct aka_card fresh = { 0 };
	uint8_t auts[AKA_AUTS];
	struct aka_vector v;
	bool ok;

	memcpy(v.rand, mid->trial.rand.p, AKA_RAND);
	memcpy(v.autn, mid->trial.autn.p, AKA_AUTN);
	ok = aka_check(&keys, &fresh, &v, auts) == AKA_RESPONSE &&
	    secret_equal((struct bytes){ v.res, v.res_n }, mid->trial.xres);
	secret_wipe(&v, sizeof v);
	return ok || fault_refuse(f, "trial-failed", "mid.trial", "does not run with the MID's own key");
}

static bool
names_device(const struct mid_package *p, const struct mid *mid, struct bytes ueid, struct fault *f)
{
	uint8_t ours[DIGEST_LEN];

	if ((p->device.p == NULL) != (mid->device_token.p == NULL))
		return fault_refuse(f, "wrong-token", "mid-package.device",
		    "comes with a device token in the MID or not at all");
	if (p->device.p == NULL || ueid.p == NULL)
		return true;
	package_device(mid->device_token, ueid, ours);
	return secret_equal(p->device, BYTES(ours)) || fault_refuse(f, "wrong-token", "mid-package.device",
	    "is another device by the MID's device token");
}

static bool
content_fits(const struct mid_package *p, const struct mid *mid, struct bytes ueid, uint64_t now,
    struct fault *f)
{
	if (!text_equal(mid->sho, p->sho))
		return fault_refuse(f, "wrong-operator", "mid.sho", "is not the package's");
	if (!text_equal(mid->id, p->mid))
		return fault_refuse(f, "wrong-mid", "mid.id", "is not the package's");
	if (mid->not_after != 0 && mid->not_after <= now)
		return fault_refuse(f, "expired", "mid.not_after", "has passed");
	return names_device(p, mid, ueid, f) && trial_runs(mid, f);
}

bool
package_open(const struct mid_package *p, const struct unwrapper *who, uint64_t now,
    struct buf *plain, struct mid *mid, struct fault *f)
{
	return may_be_opened(p, who, now, f) && envelope_unseal(p, who->sealing, plain, f) &&
	    record_decode(&mid_record, mid, buf_bytes(plain), f) &&
	    content_fits(p, mid, who->ueid, now, f);
}
