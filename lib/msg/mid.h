/* SPDX-License-Identifier: Apache-2.0 */
/* mid.h - the machine identity: USIM and ISIM parameters and credentials of one operator */
#ifndef MID_H
#define MID_H

#include "msg/credential.h"

enum { MID_ID_MAX = 64 };

struct usim {
	struct text imsi, iccid;
	uint64_t mnc_length;		/* 2 or 3, as EF_AD says */
	struct credential credential;
	struct text spn, smsc;		/* may be absent */
	struct bytes acc;		/* EF_ACC, 2 bytes; access class from the IMSI's last digit */
	struct list apns, destinations;	/* the operational subscription's restriction */
};

struct isim {			/* shares the USIM's credential */
	struct text impi, domain;
	struct list impus;
};

struct trial {			/* a run the TRE can do alone before it relies on the MID */
	struct bytes rand, autn, xres;
};

struct mid {			/* secret */
	struct text id;		/* unique within its SHO */
	struct text sho;
	struct usim usim;
	struct isim isim;	/* may be absent */
	uint64_t not_before, not_after;
	struct trial trial;
};
extern const struct record mid_record;
extern const struct field impu_element;

/* Luhn's check digit of an ICCID without it (ITU-T E.118). digits only. */
char iccid_check_digit(struct text digits);

#endif
