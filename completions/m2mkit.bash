# SPDX-License-Identifier: Apache-2.0
# One completion for every tool: the tool's own --help is the list.

# What stands for the argument of an option in a tool's help: FILE, TYPE, ...; nothing for a flag.
_m2mkit_argument() {
	local help=$1 option=$2

	sed -n "s/^ *\(-.,\)\{0,1\} *${option}[= ]\([A-Z-]\{1,\}\) .*/\2/p
		s/^ *$option, *--[a-z-]*[= ]\([A-Z-]\{1,\}\) .*/\1/p" <<<"$help"
}

# The names of all types, from the m2m-show beside the tool or in PATH.
_m2mkit_types() {
	local show=${1%/*}/m2m-show

	[[ -x $show ]] || show=m2m-show
	"$show" --schema list 2>/dev/null
}

_m2mkit() {
	local tool=$1 word=$2 before=$3 help wanted words

	[[ $word == '=' ]] && word=
	[[ $before == '=' ]] && before=${COMP_WORDS[COMP_CWORD - 2]}
	help=$("$tool" --help 2>/dev/null)
	if [[ $before == -* ]]; then
		wanted=$(_m2mkit_argument "$help" "$before")
	fi
	if [[ -z $wanted && $word == -* ]]; then
		words=$(grep -o -e '--[a-z-]*' <<<"$help")
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
		return
	fi
	# no option's argument: an operand, as the first line of the help names it
	[[ -n $wanted ]] || wanted=$(sed -n '1s/.*\(FILE\|TABLE\|TYPE\).*/\1/p' <<<"$help")
	case $wanted in
	FILE | PATH | PEM | KEY | CONF | TABLE) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
	TYPE)
		words=$(_m2mkit_types "$tool")
		[[ $before != --schema ]] || words+=' list'
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
		;;
	*) COMPREPLY=() ;;
	esac
}

complete -o filenames -F _m2mkit \
	av-answer av-gen av-hostapd dpf-ack dpf-deliver dpf-report drf-register drf-resolve \
	drf-set m2m-make m2m-show mid-activate mid-delete mid-gen mid-install mid-unwrap \
	mid-wrap opc-derive pcid-gen pcid-install pcid-load pcid-wrap plc-crl plc-revoke \
	plc-sign pva-ocsp pva-verify sho-ack sho-authorize sho-report sho-switch sim-export \
	sub-answer sub-set tre-attach tre-attest tre-csr tre-init tre-load tre-outbox \
	tre-settle tre-show us-order usim-auth usim-wpa vno-challenge vno-check vno-request
