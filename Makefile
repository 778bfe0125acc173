# SPDX-License-Identifier: Apache-2.0
# Every tools/x.c is the tool x; every lib/*/*.c is in the library; every t/x.c is a test's helper.

PREFIX ?= /usr/local
CFLAGS ?= -O3 -g -fstack-protector-strong -D_FORTIFY_SOURCE=2
VERSION := 0.1

B := build
ifdef SAN
B := build-san
CFLAGS := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
export ASAN_OPTIONS := detect_leaks=0	# an undumpable process cannot be searched for leaks
endif

TOOLS := $(patsubst tools/%.c,%,$(wildcard tools/*.c))
BIN := $(TOOLS:%=$(B)/%)
HELPERS := $(patsubst t/%.c,$(B)/t/%,$(wildcard t/*.c))
ifeq ($(wildcard /usr/include/osmocom/crypt/auth.h),)
HELPERS := $(filter-out $(B)/t/osmo-%,$(HELPERS))	# a peer to be timed against, where there is one
else ifeq ($(shell grep TUAK /usr/include/osmocom/crypt/auth.h),)
HELPERS := $(filter-out $(B)/t/osmo-tuak-%,$(HELPERS))	# Debian 12's is too old for that
endif
OBJ := $(patsubst lib/%.c,$(B)/%.o,$(wildcard lib/*/*.c))

override CFLAGS += -std=c11 -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wvla -MMD -MP
override CPPFLAGS += -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -Ilib
override LDFLAGS += -Wl,--as-needed
LDLIBS := -lcrypto -lsqlite3 -ljansson -lcbor -lpopt

all: $(BIN)

$(B)/lib.a: $(OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$(B)/%.o: lib/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(TO_SEE_THROUGH) -c -o $@ $<

$(BIN): $(B)/%: tools/%.c $(B)/lib.a
	$(CC) $(CPPFLAGS) $(CFLAGS) $(AS_WHOLE) $(LDFLAGS) -o $@ $< $(B)/lib.a $(LDLIBS)

$(HELPERS): $(B)/t/%: t/%.c $(B)/lib.a
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(AS_WHOLE) $(LDFLAGS) -o $@ $< $(B)/lib.a $(LDLIBS)

$(B)/t/osmo-%: LDLIBS += -losmogsm -losmocore

# What runs by the million is compiled as a whole with the library, for a tenth of its time; so is the
# peer it is timed against.  The warning is wrong of what is filled in by a call that answers true.
ifndef SAN
TO_SEE_THROUGH := -flto -ffat-lto-objects
AS_WHOLE := -fno-lto
$(addprefix $(B)/,av-gen pcid-gen t/osmo-gen): private AS_WHOLE := -flto=auto -Wno-maybe-uninitialized
endif

# --- what a fresh machine lacks; apt only when something does, and when it may ---

BUILD_NEEDS := gcc:gcc libcbor-dev:/usr/include/cbor.h libpopt-dev:/usr/include/popt.h \
	libssl-dev:/usr/include/openssl/evp.h libsqlite3-dev:/usr/include/sqlite3.h \
	libjansson-dev:/usr/include/jansson.h \
	libtss2-dev:/usr/include/tss2/tss2_esys.h openssl:openssl
TEST_NEEDS := bats:bats mandoc:mandoc jq:jq strace:strace sqlite3:sqlite3 \
	libosmocore-utils:osmo-auc-gen shellcheck:shellcheck bash-completion:/usr/share/bash-completion/bash_completion \
	python3-cbor2:/usr/lib/python3/dist-packages/cbor2 \
	python3-cryptography:/usr/lib/python3/dist-packages/cryptography
LIBDIR = /usr/lib/$(shell $(CC) -print-multiarch)
# Real peers for t/peers.bats and t/servers.bats, tokens and TPMs for t/tokens.bats and t/tpm.bats:
# these skip what is not there.
PEER_NEEDS := hostapd:/usr/sbin/hostapd eapoltest:eapol_test iproute2:ip osmo-hlr:osmo-hlr python3:python3 \
	lighttpd:/usr/sbin/lighttpd nginx-light:/usr/sbin/nginx fcgiwrap:/usr/sbin/fcgiwrap curl:curl \
	softhsm2:softhsm2-util opensc:pkcs11-tool libengine-pkcs11-openssl:$(LIBDIR)/engines-3/pkcs11.so \
	swtpm:swtpm tpm2-tools:tpm2_create

needs: ; @t/needs $(BUILD_NEEDS)
test-needs: ; @t/needs $(BUILD_NEEDS) $(TEST_NEEDS)
peer-needs: ; @t/needs $(PEER_NEEDS) || echo "needs: going on without; the tests will say what they skip" >&2

SCRIPTS := $(addprefix share/examples/,make-roles ocsp.cgi ocsp-inetd ocsp-query)

# --- what there is to do ---

demo: needs
	$(MAKE) all
	rm -rf demo
	BUILD=$(CURDIR)/$(B) share/flows/authenticated-access demo

check: test-needs peer-needs
	$(MAKE) all helpers
	BUILD=$(CURDIR)/$(B) bats --timing t

# The same with many more of what is random and of what runs at once, where that tells more.
check-slow: test-needs
	$(MAKE) all helpers
	SLOW=1 BUILD=$(CURDIR)/$(B) bats --timing t/sqnrules.bats t/xor.bats t/faults.bats

helpers: $(HELPERS)

# The CDDL of every object, printed from its table.
schemas: $(B)/m2m-show
	for f in $$($< --schema list); do $< --schema $$f >share/schemas/$$f.cddl; done

ifdef SAN
bench: ; @echo "bench: a sanitized build says nothing of speed; leave SAN out" >&2; exit 2
else
bench: test-needs
	-@t/needs libosmocore-dev:/usr/include/osmocom/crypt/auth.h
	$(MAKE) all helpers
	BUILD=$(CURDIR)/$(B) t/bench
endif

# Hostile bytes to every table, for FUZZ_SECONDS, from the objects of the golden corpus.
FUZZ_SECONDS ?= 60
fuzz:
	@t/needs $(BUILD_NEEDS) clang:clang
	@mkdir -p $(B)/fuzz/corpus
	clang -g -O1 -fsanitize=fuzzer,address,undefined -std=c11 $(CPPFLAGS) -o $(B)/fuzz/decode \
		t/fuzz/decode.c lib/base/*.c lib/wire/*.c lib/msg/*.c lib/crypto/*.c $(LDFLAGS) $(LDLIBS)
	ASAN_OPTIONS=detect_leaks=0 $(B)/fuzz/decode -max_total_time=$(FUZZ_SECONDS) -max_len=4096 \
		$(B)/fuzz/corpus t/golden

lint:
	mandoc -T lint -W warning man/*
	shellcheck -e SC1091,SC2317 share/flows/* $(SCRIPTS) share/examples/ocsp.conf t/needs t/bench .ci/run

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 \
		$(DESTDIR)$(PREFIX)/share/man/man5 $(DESTDIR)$(PREFIX)/share/man/man7 \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions \
		$(DESTDIR)$(PREFIX)/share/m2mkit/flows $(DESTDIR)$(PREFIX)/share/m2mkit/examples \
		$(DESTDIR)$(PREFIX)/share/m2mkit/schemas
	install $(BIN) $(DESTDIR)$(PREFIX)/bin
	for n in 1 5 7; do install -m 644 man/*.$$n $(DESTDIR)$(PREFIX)/share/man/man$$n; done
	install -m 644 completions/m2mkit.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/m2mkit
	for t in $(TOOLS); do \
		ln -sf m2mkit $(DESTDIR)$(PREFIX)/share/bash-completion/completions/$$t; done
	install $(filter-out %.sh,$(wildcard share/flows/*)) $(DESTDIR)$(PREFIX)/share/m2mkit/flows
	install -m 644 share/flows/*.sh $(DESTDIR)$(PREFIX)/share/m2mkit/flows
	install -m 644 $(filter-out $(SCRIPTS),$(wildcard share/examples/*)) $(DESTDIR)$(PREFIX)/share/m2mkit/examples
	install $(SCRIPTS) $(DESTDIR)$(PREFIX)/share/m2mkit/examples
	install -m 644 share/schemas/* $(DESTDIR)$(PREFIX)/share/m2mkit/schemas

clean:
	rm -rf build build-san demo

.PHONY: all needs test-needs peer-needs demo check check-slow helpers schemas bench fuzz lint install clean
-include $(wildcard $(B)/*.d $(B)/*/*.d)
