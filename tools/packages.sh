# packages.sh - sourced: need_packages KIND... installs what is missing of tools/packages
need_packages() {
	local kind name missing=""
	for kind in "$@"; do
		for name in $(sed -n "s/^$kind //p" tools/packages); do
			dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing="$missing $name"
		done
	done
	[ -n "$missing" ] || return 0
	echo "assay: installing Debian packages:$missing" >&2
	local root=""
	[ "$(id -u)" = 0 ] || root=sudo
	$root apt-get update -qq >&2
	DEBIAN_FRONTEND=noninteractive $root apt-get install -y -qq --no-install-recommends $missing >&2
}
