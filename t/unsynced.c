/* SPDX-License-Identifier: Apache-2.0 */
/* unsynced COMMAND... - runs it with fsync() and fdatasync() answering at once: nothing is durable */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cli.h"
#include "base/die.h"

int
main(int argc, char *argv[])
{
	static struct sock_filter calls[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fsync, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fdatasync, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO),	/* of no error: done */
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog filter = { sizeof calls / sizeof calls[0], calls };

	progname = "unsynced";
	if (argc < 2)
		die_request("needs a command");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == -1)
		die_errno("cannot set aside calls of the system");
	execvp(argv[1], argv + 1);
	die_errno("cannot run '%s'", argv[1]);
}
