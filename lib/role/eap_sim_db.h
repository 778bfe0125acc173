/* SPDX-License-Identifier: Apache-2.0 */
/* eap_sim_db.h - the authentication centre behind a hostapd, on its eap_sim_db socket */
#ifndef EAP_SIM_DB_H
#define EAP_SIM_DB_H

#include "store/store.h"

/*
 * Answers a message of hostapd's from the ledger; now in seconds.  *out is what to send, empty for
 * an AUTS and for what is no request.  False: *out is the FAILURE that hostapd awaits, to be sent
 * after what was begun is undone; refused as icf_answer().  *out holds keys: the caller wipes it.
 */
bool eap_sim_db_answer(struct store *s, struct text message, uint64_t now, struct buf *out,
    struct fault *f);

#endif
