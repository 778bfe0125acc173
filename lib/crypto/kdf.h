/* SPDX-License-Identifier: Apache-2.0 */
/* kdf.h - keys that follow from CK and IK (TS 33.220 B.2; 33.401 A.2; 33.402 A.2; 33.501 A.2, A.4, A.5) */
#ifndef KDF_H
#define KDF_H

#include "base/bytes.h"

enum { KDF_KEY = 32, KDF_SQN = 6, KDF_SN_ID = 3, KDF_RES_STAR = 16 };

/* ck, ik, rand: 16 bytes each; sqn_ak: SQN xor AK, the first six bytes of AUTN. */
void kdf_kasme(const uint8_t *ck, const uint8_t *ik, const uint8_t sn_id[static KDF_SN_ID],
    const uint8_t *sqn_ak, uint8_t kasme[static KDF_KEY]);
void kdf_kausf(const uint8_t *ck, const uint8_t *ik, struct text serving_network, const uint8_t *sqn_ak,
    uint8_t kausf[static KDF_KEY]);
/* The same function makes RES* of RES and XRES* of XRES. */
void kdf_res_star(const uint8_t *ck, const uint8_t *ik, struct text serving_network,
    const uint8_t *rand, struct bytes res, uint8_t star[static KDF_RES_STAR]);
void kdf_hres_star(const uint8_t *rand, const uint8_t star[static KDF_RES_STAR],
    uint8_t hstar[static KDF_RES_STAR]);
/* CK' and IK', 16 bytes each, side by side. access_network: its identity, "WLAN" (RFC 9048 3.3). */
void kdf_prime(const uint8_t *ck, const uint8_t *ik, struct text access_network, const uint8_t *sqn_ak,
    uint8_t primes[static KDF_KEY]);

/* The PLMN as three bytes (TS 24.008 10.5.1.3). plmn: "001-01", checked. */
void kdf_sn_id(struct text plmn, uint8_t id[static KDF_SN_ID]);
/* "5G:mnc001.mcc001.3gppnetwork.org" (TS 24.501 9.12.1). */
enum { SERVING_NETWORK_MAX = 33 };
struct text kdf_serving_network(struct text plmn, char out[static SERVING_NETWORK_MAX]);

#endif
