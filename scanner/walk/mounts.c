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

/** File systems whose files may be stubs: cifs, smb2, fuse, lustre, gpfs. */
static const long stub_magics[] = { 0xff534d42, 0xfe534d42, FUSE_MAGIC, 0x0bd00bd0, 0x47504653 };

int site_of(int dir, const char *name, int flags, struct site *ret)
{
	struct statx sx;

	if (statx(dir, name, flags | AT_NO_AUTOMOUNT | (*name ? 0 : AT_EMPTY_PATH),
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

/** Is a FUSE file system one of those that only mirror what lies elsewhere?  Its name is
 * in the mount table alone. */
static bool is_fuse_portal(int fd)
{
	CLEANUP(mem_freep) char *line = NULL;
	size_t cap = 0;
	struct site site;
	bool found = false;
	FILE *table;

	if (site_of(fd, "", 0, &site) != 0 || !site.mount)
		return false;
	table = fopen("/proc/self/mountinfo", "re");
	while (table && !found && getline(&line, &cap, table) > 0)
		found = strtoull(line, NULL, 10) == site.mount && strstr(line, " - fuse.portal ");
	if (table)
		fclose(table);
	return found;
}

struct mount_kind mount_kind_of(int fd)
{
	struct mount_kind kind = { 0 };
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return kind;
	for (size_t i = 0; i < ARRAY_SIZE(pseudo); i++)
		if (pseudo[i].magic == (long)fs.f_type)
			kind.pseudo = pseudo[i].name;
	for (size_t i = 0; i < ARRAY_SIZE(stub_magics); i++)
		kind.stubs = kind.stubs || stub_magics[i] == (long)fs.f_type;
	if (fs.f_type == FUSE_MAGIC && is_fuse_portal(fd))
		kind.pseudo = "fuse.portal";
	return kind;
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
