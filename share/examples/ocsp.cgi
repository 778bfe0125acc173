#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# ocsp.cgi - pva-ocsp behind a web server (RFC 3875): POST, and GET with the request in
# the path (RFC 6960 A.1).  See ocsp.conf, ocsp-lighttpd.conf, ocsp-nginx.conf.
set -u
# shellcheck source=ocsp.conf
. "${OCSP_CONF:-$(dirname "$0")/ocsp.conf}"

most=65536	# bytes of a request

# refuse STATUS - no OCSP at all
refuse() {
	printf 'Status: %s\r\nContent-Type: text/plain\r\n\r\n%s\n' "$1" "$1"
	exit
}

# The last part of the path is base64, with %2B, %2F and %3D for three of its characters.
# As the client sent it: servers undo %2F, and take two slashes for one.
from_path() {
	path=${REQUEST_URI%%\?*}
	path=${path#"${SCRIPT_NAME-}"}
	printf '%s' "${path#/}" | sed 's/%2[Bb]/+/g; s,%2[Ff],/,g; s/%3[Dd]/=/g' | base64 -d 2>/dev/null
}

request=$(mktemp) || exit
response=$(mktemp) || exit
trap 'rm -f "$request" "$response"' EXIT

case ${REQUEST_METHOD-} in
GET)
	[ ${#REQUEST_URI} -le $most ] || refuse '414 URI Too Long'
	from_path >"$request"
	;;
POST)
	case ${CONTENT_TYPE-} in
	application/ocsp-request | application/ocsp-request\;*) ;;
	*) refuse '415 Unsupported Media Type' ;;
	esac
	case ${CONTENT_LENGTH-} in
	'' | *[!0-9]* | ??????*) refuse '413 Content Too Large' ;;
	esac
	[ "$CONTENT_LENGTH" -le $most ] || refuse '413 Content Too Large'
	head -c "$CONTENT_LENGTH" >"$request"
	;;
*) refuse '405 Method Not Allowed' ;;
esac

# shellcheck disable=SC2154,SC2086	# ocsp.conf's list of words
$answer <"$request" >"$response"
[ -s "$response" ] || printf '\060\003\012\001\002' >"$response"	# internalError: it could not even begin
printf 'Content-Type: application/ocsp-response\r\nContent-Length: %d\r\n\r\n' "$(wc -c <"$response")"
cat "$response"
