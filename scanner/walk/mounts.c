/* mounts.c - magic numbers, mount ids and stubs of tiered storage */
#include "mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#ifndef STATX_MNT_ID
#define STATX_MNT_ID 0x1000U
#endif
#ifndef STATX_ATTR_AUTOMOUNT
#define STATX_ATTR_AUTOMOUNT 0x1000
#endif

#define FUSE_MAGIC 0x65735546L

/** OFFLINE, RECALL_ON_OPEN and RECALL_ON_DATA_ACCESS of an SMB file's attributes. */
#define RECALL_ATTRIBUTES 0x441000u

/** By statfs(2) magic. */
static const struct {
	long magic;
	const char *name;
} pseudo[] = {
	{ 0x9fa0, "proc" },          { 0x62656572, "sysfs" },       { 0x27e0eb, "cgroup" },
	{ 0x63677270, "cgroup2" },   { 0x64626720, "debugfs" },     { 0x74726163, "tracefs" },
	{ 0x1cd1, "devpts" },        { 0x0187, "autofs" },          { 0x73636673, "securityfs" },
	{ 0xcafe4a11, "bpf" },       { 0x6165676c, "pstore" },      { 0x19800202, "mqueue" },
	{ 0x62656570, "configfs" },  { 0xf97cff8c, "selinuxfs" },   { 0x43415d53, "smackfs" },
	{ 0xde5e81e4, "efivarfs" },  { 0x42494e4d, "binfmt_misc" }, { 0x6e736673, "nsfs" },
	{ 0x958458f6, "hugetlbfs" }, { 0x65735543, "fusectl" },     { 0x67596969, "rpc_pipefs" },
	{ 0x6e667364, "nfsd" },      { 0x6c6f6f70, "binder" },      { 0x7655821, "resctrl" },
};

/** File systems that hold people's files, as far as there is something to say of them. */
static const struct {
	long magic;
	const char *name;
	bool stubs, remote;
} known[] = {
	{ 0xef53, "ext4", false, false },      { 0x58465342, "xfs", false, false },
	{ 0x9123683e, "btrfs", false, false }, { 0x01021994, "tmpfs", false, false },
	{ 0x2fc12fc1, "zfs", false, false },   { 0x794c7630, "overlay", false, false },
	{ 0x6969, "nfs", false, true },        { 0xff534d42, "cifs", true, true },
	{ 0xfe534d42, "smb3", true, true },    { 0x517b, "smb", true, true },
	{ FUSE_MAGIC, "fuse", true, false }, /* remote or not: see below */
	{ 0x0bd00bd0, "lustre", true, true },  { 0x47504653, "gpfs", true, true },
	{ 0x01021997, "9p", false, true },     { 0x00c36400, "ceph", false, true },
	{ 0x5346414f, "afs", false, true },    { 0x6b414653, "afs", false, true },
	{ 0x73757245, "coda", false, true },   { 0x7461636f, "ocfs2", false, true },
	{ 0x01161970, "gfs2", false, true },
};

int site_of(int dir, const char *name, int flags, struct site *ret)
{
	struct statx sx;

	if (statx(dir, name,
		  flags | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC | (*name ? 0 : AT_EMPTY_PATH),
		  STATX_TYPE | STATX_INO | STATX_MNT_ID, &sx) < 0)
		return errno;
	*ret = (struct site){
		.dev = makedev(sx.stx_dev_major, sx.stx_dev_minor),
		.ino = sx.stx_ino,
		.mount = sx.stx_mask & STATX_MNT_ID ? sx.stx_mnt_id : 0,
		.type = sx.stx_mode & S_IFMT,
		.is_automount = sx.stx_attributes & STATX_ATTR_AUTOMOUNT,
	};
	return 0;
}

bool site_crosses(const struct site *from, const struct site *to)
{
	if (from->mount && to->mount)
		return from->mount != to->mount;
	return from->dev != to->dev;
}

/** The type of a mounted FUSE file system, which is in the mount table alone: "fuse.sshfs",
 * "fuseblk"; "" if it cannot be told. */
static void fuse_type(int fd, char ret_type[64])
{
	CLEANUP(mem_freep) char *line = NULL;
	const char *type;
	size_t cap = 0;
	struct site site;
	FILE *table;

	ret_type[0] = '\0';
	if (site_of(fd, "", 0, &site) != 0 || !site.mount)
		return;
	table = fopen("/proc/self/mountinfo", "re");
	while (table && !ret_type[0] && getline(&line, &cap, table) > 0) {
		type = strtoull(line, NULL, 10) == site.mount ? strstr(line, " - ") : NULL;
		if (type)
			snprintf(ret_type, 64, "%.*s", (int)strcspn(type + 3, " "), type + 3);
	}
	if (table)
		fclose(table);
}

struct mount_kind mount_kind_of(int fd)
{
	struct mount_kind kind = { 0 };
	struct statfs fs;
	char type[64];

	if (fstatfs(fd, &fs) < 0)
		return kind;
	for (size_t i = 0; i < ARRAY_SIZE(pseudo); i++)
		if (pseudo[i].magic == (long)fs.f_type)
			kind.pseudo = pseudo[i].name;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (known[i].magic == (long)fs.f_type) {
			kind.stubs = known[i].stubs;
			kind.remote = known[i].remote;
		}
	if (fs.f_type == FUSE_MAGIC) {
		fuse_type(fd, type);
		/* One that only mirrors what lies elsewhere. */
		kind.pseudo = strcmp(type, "fuse.portal") == 0 ? "fuse.portal" : NULL;
		/* A local disk's driver; behind any other there is a program that may hang. */
		kind.remote = strcmp(type, "fuseblk") != 0;
	}
	return kind;
}

const char *mount_name(const char *path, char buffer[24])
{
	struct statfs fs;

	if (statfs(path, &fs) < 0)
		return "unknown";
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (known[i].magic == (long)fs.f_type)
			return known[i].name;
	snprintf(buffer, 24, "0x%lx", (unsigned long)fs.f_type);
	return buffer;
}

bool mount_is_local(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (strcmp(known[i].name, name) == 0)
			return !known[i].remote && known[i].magic != FUSE_MAGIC;
	return false;
}

bool is_stub(int fd, const struct stat *st)
{
	static const char *const names[] = { "user.cifs.dosattrib", "user.smb3.dosattrib",
					     "system.cifs_attrib" };
	uint32_t attributes;

	if (st->st_size == 0)
		return false;
	if (st->st_blocks == 0)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (fgetxattr(fd, names[i], &attributes, sizeof(attributes)) ==
			sizeof(attributes) &&
		    attributes & RECALL_ATTRIBUTES)
			return true;
	return false;
}
