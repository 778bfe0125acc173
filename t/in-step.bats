# SPDX-License-Identifier: Apache-2.0
# What must agree, agrees: tools with manual and completion, tables with schemas,
# words of refusal with their list, includes with layers.
load helper

export LC_ALL=C	# one order for globs and sort

common='armor|keep-going|now|pin|random|progress|version|help'

tools() {
	basename -a -s .c "$root"/tools/*.c
}

# options TOOL - "l ledger file" of each, as its help has them
options() {
	"$1" --help | sed -n 's/^  -\(.\), --\([a-z-]*\)/\1 \2/; t found
		s/^ *--\([a-z-]*\)/- \1/; t found
		d
		: found
		s/^\(. [a-z-]*\)[= ]\([A-Z-]\{1,\}\) .*/\1 \2/; s/^\(. [a-z-]*\)  .*/\1/; p' | tr A-Z a-z
}

# paged PAGE - the same, as a page has them
paged() {
	sed -n '/^\.It Fl/{ s/^\.It Fl \(.\) , Fl -/\1 /; s/^\.It Fl -/- /; s/ Ar / /; p }' "$1"
}

# words PAGE HEADING - what is listed under a heading as ".It Cm word"
words() {
	sed -n "/^\.S[hs] $2\$/,/^\.Sh/s/^\.It Cm //p" "$1"
}

# sources - all code, in one line
sources() {
	cat "$root"/lib/*/*.c "$root"/tools/*.c | tr -s '\n\t ' ' '
}

# --- the manual -------------------------------------------------------------------

@test "every tool has a page with its purpose and exactly its options" {
	for tool in $(tools); do
		page=$root/man/$tool.1
		diff <(sed -n "2s|^/\* $tool - \(.*\) \*/\$|.Nd \1|p" "$root/tools/$tool.c") <(grep '^\.Nd' "$page")
		diff <(options "$tool" | grep -Ev "^. ($common)( |$)" | sort) <(paged "$page" | sort)
	done
	diff <(tools) <(basename -a -s .1 "$root"/man/*.1)
}

@test "every page names the common options of its tool" {
	for tool in $(tools); do
		diff <(options "$tool" | grep -Eo "^. ($common)( |$)" | cut -d ' ' -f 2 | sort) \
			<(grep -Eo "^\.Fl -($common)" "$root/man/$tool.1" | cut -d - -f 2- | sort -u)
	done
	for option in $(echo "$common" | tr '|' ' '); do
		grep -q "^\.It Fl.* -$option" "$root/man/m2mkit.7"
	done
}

@test "--progress is an option where a stream is processed, and nowhere else" {
	diff <(for tool in $(tools); do options "$tool" | grep -q '^. progress$' && echo "$tool"; done) \
		<(cd "$root/tools" && grep -l 'return stream_\(run\|make\)(\|= stream_make(' -- *.c | sed 's/\.c$//')
}

@test "every tool stands in the map" {
	diff <(tools) <(sed -n '/^\.Sh TOOLS/,/^\.El/s/.* Xr \([^ ]*\) 1 Ta.*/\1/p' "$root/man/m2mkit.7" | sort)
}

@test "every flow is in the manual" {
	# a flow begins as steps.sh has it; the others are helpers
	diff <(cd "$root/share/flows" && grep -lx '\. "$here/steps.sh"' *) <(sed -n '/^\.Sh DESC/,/^\.Sh/s/^\.Ss \([a-z]\)/\1/p' "$root/man/m2mkit-flows.7" | sort)
}

@test "every page is clean mdoc" {
	run -0 mandoc -T lint -W warning "$root"/man/*
	[ -z "$output" ]
}

@test "every key of the files edited by hand is in m2mkit-policy(5)" {
	diff <(sources | grep -oP '(conf_(require|text|number|hex)\(c, [^,(]*, |load_(set|list|text)\(c, (path, )?|(name|address)\(c, section, |(yes|choice|moment)\(c, )"\K[a-z_]+' | sort -u) \
		<(sed -n 's/^\.It Cm //p' "$root/man/m2mkit-policy.5" | sed 's/ , /\n/g' | sort -u)
}

@test "every claim label is in m2mkit-objects(5)" {
	diff <(sed -n '/CLAIM_/s/CLAIM_[A-Z_]* = \(-*[0-9]*\)/\n\1\n/gp' "$root/lib/msg/claims.h" | grep -x -e '-*[0-9]*' | grep . | sort) \
		<(sed -n '/^\.Sh CLAIM LABELS/,$s/^\.It \(-*[0-9]*\) Ta.*/\1/p' "$root/man/m2mkit-objects.5" | sort)
}

@test "every object is in m2mkit-objects(5)" {
	diff <(m2m-show --schema list | sort) \
		<(sed -n '/^\.Ss Records/,/^\.Ss Other/s/^\.It Cm \([^ ]*\).*/\1/p' "$root/man/m2mkit-objects.5" | sort)
}

# --- words of refusal -------------------------------------------------------------

@test "every refusal's word is in m2mkit(7), and no other" {
	# the second argument of each call; those that are no literal are known here
	sources | grep -oP '\bfault_refuse\([^,;]*, \K("[^"]*"|[^,]*)' >said
	grep -v '^"' said | grep -vxF -e 'const char *reason' -e 'first->reason' -e state \
		-e 'subscription_states.words[sub.state - 1]' | none
	{
		grep '^"' said
		sources | grep -oP '\b(failed|absent)\(n, \K"[^"]*"'
		sed -n 's/.* state_words\[\] = {\(.*\)};/\1/p' "$root/lib/msg/attach.c" | grep -o '"[^"]*"' | grep -v '"live"'
	} | tr -d '"' | sort -u | diff - <(words "$root/man/m2mkit.7" 'Reason words')
}

@test "the words on the tools' pages are those of m2mkit(7)" {
	for tool in $(tools); do
		words "$root/man/$tool.1" 'EXIT STATUS'
	done | sort -u | diff - <(words "$root/man/m2mkit.7" 'Reason words')
}

# --- completion -------------------------------------------------------------------

# completes WORD... - what the last word of a command line may become
completes() {
	bash -c '. "$1"; shift
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_m2mkit "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
		printf "%s\n" "${COMPREPLY[@]}"' - "$root/completions/m2mkit.bash" "$@"
}

@test "every tool completes its options" {
	diff <(tools) <(sed '1,/^complete /d' "$root/completions/m2mkit.bash" | tr -d '\\' | xargs -n 1)
	for tool in $(tools); do
		diff <(options "$tool" | cut -d ' ' -f 2 | sort) <(completes "$tool" -- | cut -c 3- | sort)
	done
}

@test "types, files and nothing complete where they belong" {
	touch ro.ledger
	[ "$(completes m2m-make ref)" = referral ]
	[ "$(completes m2m-show --schema li)" = list ]
	[ "$(completes m2m-show --schema = evi)" = evidence ]
	[ "$(completes av-answer --ledger ro)" = ro.ledger ]
	[ "$(completes av-answer -l = ro)" = ro.ledger ]
	[ "$(completes m2m-show ro)" = ro.ledger ]
	[ -z "$(completes pcid-load --apn ro)" ]
	[ -z "$(completes tre-init ro)" ]
}

@test "the completion is sound shell" {
	bash -n "$root/completions/m2mkit.bash"
	run -0 shellcheck -s bash -e SC2034,SC2207,SC2016 "$root/completions/m2mkit.bash"
}

# --- schemas ----------------------------------------------------------------------

@test "the tables print the CDDL that is published" {
	diff <(m2m-show --schema list | sort) <(basename -a -s .cddl "$root"/share/schemas/* | sort)
	for type in $(m2m-show --schema list); do
		diff "$root/share/schemas/$type.cddl" <(m2m-show --schema "$type")
	done
}

# --- layers -----------------------------------------------------------------------

# sees LAYER... - what the first includes is of these layers
sees() {
	grep -n '^#include "' "$root/lib/$1"/*.[ch] | grep -vE "\"($(echo "$@" | tr ' ' '|'))/" | none
}

@test "layers look down only" {
	sees base
	sees wire base
	sees crypto base
	sees msg base wire crypto
	sees store base wire crypto
	sees role base wire crypto msg store
	diff <(ls "$root/lib") <(printf '%s\n' base crypto msg role store wire)
}

@test "no function or table is public that no other file uses" {
	[[ $BUILD != *san* ]] || skip "the sanitizers add symbols of their own"
	objects=$(cd "$root/lib" && printf "$BUILD/%s " */*.c | sed 's/\.c /.o /g')
	nm -g $objects | sed -n 's/.* [BDRT] //p' | sort -u >public
	[ "$(wc -l <public)" -ge 300 ]
	{
		nm -u $objects | sed -n 's/^ *U //p'
		cat "$root"/tools/*.c | grep -o '[a-z0-9_]\+'
	} | sort -u | comm -23 public - >unused
	# libcbor, and what is timed, for the tests; in a macro of cli.h; the tables of what is signed, all alike
	grep -vx -e reference_next -e sign_x509 -e cli_now -e '.*_claims_record' -e sho_may_provision unused | none
}

# door HEADER FILE - only files that match FILE include it
door() {
	(cd "$root" && grep -rl "^#include <$1" lib tools) | grep -vx "$2" | none
}

@test "each outside library has one door" {
	door cbor.h 'lib/wire/reference\.c'
	door jansson.h 'lib/wire/json\(read\)\?\.c'
	door popt.h 'lib/base/cli\.[ch]'
	door openssl/ 'lib/crypto/.*'
	door tss2/ 'lib/crypto/tss\.h'
	door sqlite3.h 'lib/store/.*'
}

# --- the tree ---------------------------------------------------------------------

@test "every source, script, test and page says its licence" {
	cd "$root"
	{
		ls Makefile .ci/run lib/*/*.[ch] tools/* man/* completions/* share/flows/* share/examples/*
		find t -maxdepth 1 -type f \( -name '*.[ch]' -o -name '*.ba*' -o -perm -u+x \)
	} | while read -r file; do
		head -n 2 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0' || echo "$file"
	done | none
}

@test "the Makefile lists no tool, but the one that prints the schemas and those compiled as a whole" {
	for tool in $(tools); do
		grep -nE "(^|[^a-z0-9-])$tool([^a-z0-9-]|\$)" "$root/Makefile" || continue
	done | grep -v -e m2m-show -e AS_WHOLE | none
}

@test "README names targets that exist" {
	grep -o 'make [a-z]\+' "$root/README" | cut -d ' ' -f 2 | sort -u >named
	[ -s named ]
	grep -vxF -f <(sed -n 's/^\.PHONY: //p' "$root/Makefile" | tr ' ' '\n') named | none
}
