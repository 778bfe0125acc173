/* SPDX-License-Identifier: Apache-2.0 */
/* external_sim.h - the SIM of a wpa_supplicant with external_sim=1, on its control socket */
#ifndef EXTERNAL_SIM_H
#define EXTERNAL_SIM_H

#include "role/tre.h"

/*
 * Answers a message of the control socket with the application of the TRE that attaches; now in
 * seconds.  True with *reply: to be sent, empty when the message is no request to a SIM.  True with
 * f->answered: the card refuses the network, and *reply says so.  False, and *reply void:
 * refused as usim_auth(), or no such request.  *reply holds keys: the caller wipes it.
 */
bool external_sim_answer(struct tre *t, struct text message, uint64_t now, struct buf *reply,
    struct fault *f);

#endif
