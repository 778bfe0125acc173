/* SPDX-License-Identifier: Apache-2.0 */
#include "role/measured.h"

/* Whether the policy has digests of its own for a component; *fits: whether this is one of them. */
static bool
has_reference(const struct policy *p, const struct component *c, bool *fits)
{
	bool found = false;

	*fits = false;
	for (size_t i = 0; i < p->reference_count; i++)
		if (text_equal(p->references[i].name, c->name)) {
			found = true;
			*fits |= bytes_equal(BYTES(p->references[i].digest), c->digest);
		}
	return found;
}

static bool
is_measured(const struct evidence *e, struct text name)
{
	struct measurement m;
	struct component component;
	struct fault f;
	size_t at = 0;

	while (list_next(&measurement_element, e->measurements, &at, &m))
		if (record_decode(&component_record, &component, m.component, &f) &&
		    text_equal(component.name, name))
			return true;
	return false;
}

/* The i-th, from 0: against the policy's references of that name, or else the PlC's in the same place. */
static void
judge_measurement(const struct component *c, size_t i, const struct tcb *tcb, const struct policy *p,
    struct finding *n)
{
	bool fits;

	if (has_reference(p, c, &fits)) {
		if (!fits)
			failed(n, "measurement-differs", "number %zu is not what the policy expects", i + 1);
	} else if (tcb->fwids == 0)
		absent(n, "missing-reference", "number %zu has nothing to compare it with", i + 1);
	else if (i >= tcb->fwids)
		failed(n, "measurement-unknown", "has more than the PlC expects");
	else if (!bytes_equal(c->digest, tcb->fwid[i]))
		failed(n, "measurement-differs", "number %zu is not what the PlC expects", i + 1);
}

static void
judge_remotely(const struct evidence *e, const struct tcb *tcb, const struct policy *p, struct finding *n)
{
	struct measurement m;
	struct component component;
	struct fault f;
	size_t at = 0, i = 0;

	passed(n, "%zu as expected", e->measurements.count);
	for (; n->outcome == PASSED && list_next(&measurement_element, e->measurements, &at, &m); i++) {
		record_decode(&component_record, &component, m.component, &f);
		judge_measurement(&component, i, tcb, p, n);
	}
	if (n->outcome == PASSED && i < tcb->fwids)
		absent(n, "measurement-missing", "has fewer than the PlC expects");
	for (i = 0; n->outcome == PASSED && i < p->reference_count; i++)
		if (!is_measured(e, p->references[i].name))
			absent(n, "measurement-missing", "lacks one that the policy expects");
}

/* The i-th, from 0, as the device compared it with its PlC. */
static void
judge_result(uint64_t result, size_t i, const struct tcb *tcb, struct finding *n)
{
	if (i >= tcb->fwids)
		failed(n, "measurement-unknown", "has more than the PlC expects");
	else if (result == COMPARED_DIFFERENT)
		failed(n, "measurement-differs", "number %zu is not what the PlC expects", i + 1);
	else if (result == COMPARED_NOT)
		absent(n, "missing-reference", "number %zu was not compared", i + 1);
	else if (result == COMPARED_ABSENT)
		absent(n, "measurement-missing", "number %zu was not there to be measured", i + 1);
}

static void
judge_results(const struct evidence *e, const struct tcb *tcb, struct finding *n)
{
	struct measurement_result r;
	struct result_group group = { 0 };
	size_t at = 0, i = 0;

	list_next(&result_group_element, e->measres, &at, &group);
	passed(n, "the device found %zu as expected", group.results.count);
	at = 0;
	for (; n->outcome == PASSED && list_next(&measurement_result_element, group.results, &at, &r); i++)
		judge_result(r.result, i, tcb, n);
	if (n->outcome == PASSED && i < tcb->fwids)
		absent(n, "measurement-missing", "has fewer than the PlC expects");
}

void
judge_measurements(const struct evidence *e, const struct tcb *tcb, const struct policy *p,
    struct finding *n)
{
	uint64_t mode = evidence_mode(e);

	if (mode == MODE_REMOTE)
		judge_remotely(e, tcb, p, n);
	else if (p->reference_count > 0)
		absent(n, "measurement-missing", "were not shown, and the policy says what they should be");
	else if (mode == MODE_SEMI_AUTONOMOUS)
		judge_results(e, tcb, n);
	else
		unasked(n, "the device answers for them");
}
