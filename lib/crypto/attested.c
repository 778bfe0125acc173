/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/attested.h"

enum { MAGIC = 0xff544347u, SHA256 = 0x000b, ECC = 0x0023, NONE = 0x0010, P256 = 0x0003 };
enum { CLOCK_AND_FIRMWARE = 17 + 8 };	/* TPMS_CLOCK_INFO, firmwareVersion: nothing is made of them */

/* --- big-endian, bounded -------------------------------------------------------- */

struct input {			/* once short, it stays so, and all that is read is 0 */
	struct bytes left;
	bool bad;
};

static struct bytes
take(struct input *in, size_t n)
{
	struct bytes taken = { in->left.p, n };

	if (in->bad || n > in->left.n) {
		in->bad = true;
		return (struct bytes){ 0 };
	}
	in->left.p += n;
	in->left.n -= n;
	return taken;
}

static uint32_t
number(struct input *in, size_t n)
{
	struct bytes b = take(in, n);
	uint32_t v = 0;

	for (size_t i = 0; i < b.n; i++)
		v = v << 8 | b.p[i];
	return v;
}

/* A TPM2B: its length before it. */
static struct bytes
sized(struct input *in)
{
	return take(in, number(in, 2));
}

static void
expect(struct input *in, size_t n, uint32_t value)
{
	if (number(in, n) != value)
		in->bad = true;
}

static bool
ended(const struct input *in)
{
	return !in->bad && in->left.n == 0;
}

/* --- TPMS_ATTEST ------------------------------------------------------------------ */

/* One selection, of the SHA-256 bank; TPML_PCR_SELECTION may have more. */
static uint32_t
selection(struct input *in)
{
	uint32_t pcrs = 0;
	struct bytes bits;

	expect(in, 4, 1);
	expect(in, 2, SHA256);
	bits = take(in, number(in, 1));
	if (bits.n > 3)
		in->bad = true;
	for (size_t i = 0; i < bits.n && !in->bad; i++)
		pcrs |= (uint32_t)bits.p[i] << 8 * i;
	return pcrs;
}

bool
attested_read(struct bytes attest, struct attested *a)
{
	struct input in = { .left = attest };

	*a = (struct attested){ 0 };
	expect(&in, 4, MAGIC);
	a->type = (uint16_t)number(&in, 2);
	sized(&in);		/* qualifiedSigner: the signature says whose it is */
	a->qualifying = sized(&in);
	take(&in, CLOCK_AND_FIRMWARE);
	if (a->type == ATTESTED_QUOTE) {
		a->pcrs = selection(&in);
		a->pcr_digest = sized(&in);
	} else if (a->type == ATTESTED_CERTIFY) {
		a->name = sized(&in);
		sized(&in);	/* qualifiedName: where in the TPM's hierarchy */
	} else
		return false;
	return ended(&in);
}

/* --- TPMT_PUBLIC ------------------------------------------------------------------ */

enum {				/* TPMA_OBJECT */
	FIXED_TPM = 1 << 1, FIXED_PARENT = 1 << 4, MADE_INSIDE = 1 << 5, RESTRICTED = 1 << 16,
	DECRYPTS = 1 << 17, SIGNS = 1 << 18
};

/* Coordinates that begin with zeros may be shorter. */
static void
coordinate(struct input *in, uint8_t out[static COORDINATE])
{
	struct bytes b = sized(in);

	memset(out, 0, COORDINATE);
	if (b.n > COORDINATE)
		in->bad = true;
	else
		bytes_copy(out + COORDINATE - b.n, b);
}

/* An algorithm and what follows it, n bytes, unless it is none. */
static void
algorithm(struct input *in, size_t n)
{
	if (number(in, 2) != NONE)
		take(in, n);
}

bool
tpm_public_read(struct bytes public, struct tpm_public *p)
{
	struct input in = { .left = public };

	*p = (struct tpm_public){ .name = { SHA256 >> 8, SHA256 & 0xff } };
	expect(&in, 2, ECC);
	expect(&in, 2, SHA256);
	p->attributes = number(&in, 4);
	sized(&in);		/* authPolicy */
	algorithm(&in, 4);	/* symmetric: bits, mode */
	algorithm(&in, 2);	/* scheme: hash */
	expect(&in, 2, P256);
	algorithm(&in, 2);	/* kdf: hash */
	coordinate(&in, p->x);
	coordinate(&in, p->y);
	digest_sha256(public, p->name + 2);
	return ended(&in);
}

static bool
has(const struct tpm_public *p, uint32_t set, uint32_t clear)
{
	return (p->attributes & set) == set && (p->attributes & clear) == 0;
}

bool
tpm_public_only_agrees(const struct tpm_public *p)
{
	return has(p, FIXED_TPM | FIXED_PARENT | MADE_INSIDE | DECRYPTS, SIGNS | RESTRICTED);
}

bool
tpm_public_attests(const struct tpm_public *p)
{
	return has(p, FIXED_TPM | FIXED_PARENT | MADE_INSIDE | SIGNS | RESTRICTED, DECRYPTS);
}
