# SPDX-License-Identifier: Apache-2.0
# COSE: published examples read by our code, our objects read by another's.
load helper

table=$BATS_TEST_DIRNAME/vectors/cose

cases() { # the cases alone, as cose-vector prints them
	grep -v -e '^#' -e '^key ' -e '^$' "$table"
}

sections() { # PATTERN - the cases of the sections whose heading fits
	awk -v pattern="$1" '/^#/ { in_it = $0 ~ pattern; next } in_it && NF && $1 != "key"' "$table"
}

@test "published examples of our algorithms open, all others and all changed ones are refused with their reason" {
	sed 's/ = .*//' "$table" | cose-vector >got
	[ "$(wc -l <got)" -ge 80 ]
	cases | diff - got
}

@test "the table says what it should: content where it must open, none where it must fail" {
	[ "$(sections 'must open' | wc -l)" -ge 14 ]
	sections 'must open' | grep -v -e ' = 546869732069732074686520636f6e74656e742e$' -e '^CWT/' | none
	[ "$(sections 'must fail:|must fail$|outside our profile' | wc -l)" -ge 60 ]
	sections 'must fail:|must fail$|outside our profile' | grep -E ' = [0-9a-f]+$' | none
}

@test "no published example passes for an object of ours" {
	cases | awk '$2 != "untagged" { print $5 }' >objects
	run -2 --separate-stderr m2m-show --keep-going <(cbor "$(cat objects)")
	[ -z "$output" ]
	seq "$(wc -l <objects)" | sed 's/.*/m2m-show: item &: needs an object of a known type, has an item of no known type/' |
		diff - <(echo "$stderr")
}

# --- ours, by another's code -----------------------------------------------------

@test "every signed object of the flow verifies in python, under the certificate openssl verifies" {
	python -c ''
	world
	for object in 06-referral 07-registration 08-evidence 09-verdict 11-authorization 11-mid-package \
		12-delivery 13-report; do
		python "$root/t/independent.py" signature signer.pem <$object
		openssl verify -x509_strict -CAfile trust.pem signer.pem >/dev/null
	done >said
	diff - said <<-END
		referral/1 by ro.example
		registration/1 by ro.example
		evidence/1 by M2ME M2ME-0001
		verdict/1 by pva.example
		authorization/1 by sho.example
		mid-package/1 by sho.example
		delivery/1 by dpf.ro.example
		report/1 by M2ME M2ME-0001
	END
}

@test "an object that was changed does not verify in python either" {
	python -c ''
	world
	edit verdict '.payload.exp += 1' <09-verdict >changed
	run -1 python "$root/t/independent.py" signature signer.pem <changed
	[ "$output" = "independent.py: the signature does not verify" ]
}

sealed_to() { # KEY - a package for that key, with the MID in "mid": the PVA is made to vouch for it
	local point
	point=$(openssl pkey -in "$1" -pubout -outform DER | tail -c 64 | hex)
	forge verdict ".payload.cnf.key |= (.x = \"${point:0:64}\" | .y = \"${point:64}\")" pva.example \
		<09-verdict >verdict
	mid-gen --profile "$root/share/examples/mid.cnf" --ledger other.ledger >mid
	sho-authorize --ledger other.ledger --key sho.example.key --cert sho.example.pem --trust trust.pem \
		07-registration verdict >/dev/null
	mid-wrap --ledger other.ledger --key sho.example.key --cert sho.example.pem --trust trust.pem \
		07-registration verdict mid >package
}

@test "a package sealed to a known key opens with mid-unwrap and in python to the same MID" {
	python -c ''
	world
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out sealing.pem
	sealed_to sealing.pem
	mid-unwrap --key sealing.pem --trust trust.pem package | cmp - mid
	python "$root/t/independent.py" open sealing.pem <package | cmp - mid
}

@test "a package opens for nobody else" {
	world
	for name in sealing other; do
		openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out $name.pem
	done
	sealed_to sealing.pem
	rejects 1 "mid-unwrap: item 1: mid-package.key: is another's sealing key [not-for-us]" \
		mid-unwrap --key other.pem --trust trust.pem package
}

@test "the clear header is bound to what is sealed: changed and signed anew, it does not open" {
	world
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out sealing.pem
	sealed_to sealing.pem
	for change in '.pcid = "001010000000002"' '.mid = "other"' '.counter += 1' '.exp += 1' '.iat -= 1' \
		'.nonce |= (.[2:] + .[:2])' '.device |= (.[2:] + .[:2])'; do
		forge mid-package ".payload |= ($change)" sho.example <package >changed
		rejects 1 "mid-unwrap: item 1: mid-package.sealed: body or header is not what was sealed [tampered]" \
			mid-unwrap --key sealing.pem --trust trust.pem changed
	done
}

@test "Ed25519 signs and verifies as well, and only on its own keys" {
	python -c ''
	world
	openssl genpkey -algorithm ed25519 -out pva.ed.key
	openssl req -x509 -config "$root/share/examples/roles.cnf" -extensions pva -subj /CN=pva.example -days 9 \
		-key pva.ed.key -CA operators.pem -CAkey operators.key -out pva.ed.pem
	pva-verify --key pva.ed.key --cert pva.ed.pem --trust trust.pem --policy "$root/share/examples/pva.cnf" \
		07-registration 08-evidence >verdict
	[ "$(m2m-show --json verdict | jq -r .protected.alg)" = EdDSA ]
	python "$root/t/independent.py" signature signer.pem <verdict | diff <(echo verdict/1 by pva.example) -
	sho-authorize --ledger new.ledger --key sho.example.key --cert sho.example.pem --trust trust.pem \
		07-registration verdict | m2m-show --json | jq -e '.payload.scope == "install"'
	edit verdict '.protected.alg = "ES256"' <verdict >claims
	rejects 1 "sho-authorize: item 2: verdict.signature: does not verify [bad-signature]" sho-authorize \
		--ledger new.ledger --key sho.example.key --cert sho.example.pem --trust trust.pem \
		07-registration claims
}
