# SPDX-License-Identifier: Apache-2.0
# The words that say why: each is shown by a test.
load helper

# words - those that the code can say
words() {
	cd "$root" || return
	grep -Pzoh 'fault_refuse\([^,"]*,\s*"\K[a-z-]+' lib/*/*.c tools/*.c | tr '\0' '\n'
	grep -Poh '\b(failed|absent)\(n, "\K[a-z-]+' lib/role/{measured,pva_rules,quoted}.c
	sed -n 's/.*state_words\[\] = { "dormant", "live", "expired", "quarantined" };/dormant\nexpired\nquarantined/p' lib/msg/attach.c
}

@test "every reason word is shown by a test" {
	words | sort -u >words
	[ "$(wc -l <words)" -gt 50 ]
	while read -r word; do
		grep -qF "[$word]" "$root"/t/*.bats || echo "$word"
	done <words | none
}

@test "a reason that is no literal comes from where this test looks" {
	cd "$root"
	grep -Poh 'fault_refuse\([^,"()]*, (?!")[^,]*,' lib/*/*.c tools/*.c | sort >"$BATS_TEST_TMPDIR/others"
	diff "$BATS_TEST_TMPDIR/others" - <<'END'
fault_refuse(f, first->reason,
fault_refuse(f, state,
fault_refuse(f, subscription_states.words[sub.state - 1],
fault_refuse(struct fault *f, const char *reason,
END
}
