# SPDX-License-Identifier: Apache-2.0
# Every command that the manual shows works as it stands there.
load helper

# commands PAGE - what stands in the literal blocks of its EXAMPLES, as a reader would type it
commands() {
	awk '
		/^\.Sh / { examples = $2 == "EXAMPLES" }
		/^\.Bd -literal/ { literal = examples; next }
		/^\.Ed/ { literal = 0 }
		literal { sub(/^\\&/, ""); gsub(/\\e/, "\\"); print }
	' "$1"
}

@test "every page has examples" {
	for page in "$root"/man/*; do
		[ -n "$(commands "$page")" ] || echo "$page"
	done | none
}

@test "what is taken from a page is what a reader sees" {
	for page in "$root"/man/*; do
		diff <(mandoc -T utf8 "$page" | sed 's/.\x08//g; s/^ *//; /^$/d') \
			<(commands "$page" | sed 's/^ *//; /^$/d') |
			sed -n "s|^>|${page##*/}:|p"
	done | none
}

@test "every example runs, and is refused where it says so" {
	PATH=$root/share/flows:$PATH
	for page in "$root"/man/*; do
		mkdir "${page##*/}"
		(
			cd "${page##*/}"
			world
			commands "$page" >.commands
			bash -euo pipefail .commands >.output 2>&1 </dev/null ||
				echo "${page##*/}: status $?: $(tail -n 5 .output)"
			[ "$(grep -c 'echo refused$' .commands)" -eq "$(grep -cx refused .output)" ] ||
				echo "${page##*/}: not refused"
		)
	done | none
}

@test "the taste in README runs" {
	mkdir demo
	(cd demo && world)
	ln -s "$BUILD" build
	sed -n '/^A taste/,/^Where/s/^\t//p' "$root/README" >taste
	[ "$(wc -l <taste)" -ge 5 ]
	run -0 bash -euo pipefail taste
	[[ $output == *'"result": "installed"'*'auth-response/1'* ]]
}
