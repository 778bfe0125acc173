/* SPDX-License-Identifier: Apache-2.0 */
/* mid.h - the machine identity: USIM and ISIM parameters and credentials of one operator */
#ifndef MID_H
#define MID_H

#include "msg/credential.h"

enum { MID_ID_MAX = 64, ACC_BYTES = 2, DEVICE_TOKEN = 32, OTA_SETS_MAX = 15 };

struct preferred_plmn {		/* a line of EF_OPLMNwAcT */
	struct text plmn;
	struct bytes access;	/* 2 bytes: access technologies, as that file codes them; absent: any */
};

struct usim {			/* names of its files: TS 31.102 4.2 */
	struct text imsi, iccid;
	uint64_t mnc_length;		/* 2 or 3, as EF_AD says */
	struct credential credential;
	struct text spn, smsc;		/* may be absent */
	struct bytes acc;		/* EF_ACC, 2 bytes; access class from the IMSI's last digit */
	struct list apns, destinations;	/* the operational subscription's restriction */
	struct text hplmn;		/* "001-02"; may be absent: the IMSI's */
	struct list preferred;		/* of struct preferred_plmn, the best first */
	struct list forbidden;		/* of text: PLMNs, EF_FPLMN */
};

struct isim {
	struct text impi, domain;
	struct list impus;
	struct credential credential;	/* of an ISIM without a USIM; beside one it shares the USIM's */
};

struct trial {			/* a run the TRE can do alone before it relies on the MID */
	struct bytes rand, autn, xres;
};

struct mid_policy {		/* who may have it deleted, and replaced; choices: MID_BY_... */
	uint64_t delete_by, replace_by;
};
enum { MID_BY_SHO = 1, MID_BY_OWNER, MID_BY_EITHER };
extern const struct choices mid_parties;

struct ota_keys {		/* of remote management, AES (TS 102 225 5.1) */
	uint64_t set;		/* 1 to 15, as KIc and KID of a command packet name it */
	struct bytes kic, kid;	/* to encrypt, and to sign: 16, 24 or 32 bytes each */
};

struct mid {			/* secret */
	struct text id;		/* unique within its SHO */
	struct text sho;
	struct usim usim;	/* one of the two may be absent */
	struct isim isim;
	uint64_t not_before, not_after;
	struct trial trial;
	struct mid_policy policy;	/* absent: the owner may both */
	struct list ota;		/* of struct ota_keys, by ascending set */
	struct bytes device_token;	/* see package_device(); may be absent */
};
extern const struct record mid_record;
extern const struct field impu_element, preferred_element, forbidden_element, ota_element;

/* Who the authentication centre knows: the USIM's IMSI, or the one an ISIM's IMPI begins with. */
struct text mid_identity(const struct mid *m);
/* What that identity is authenticated with. */
const struct credential *mid_credential(const struct mid *m);

/* Luhn's check digit of an ICCID (ITU-T E.118) or IMEI (TS 23.003 B.2) without it. digits only. */
char luhn_digit(struct text digits);

/* EF_ACC of an IMSI: the class of its last digit (TS 22.011 4.2, TS 31.102 4.2.15). */
void imsi_access_class(struct text imsi, uint8_t acc[static ACC_BYTES]);

#endif
