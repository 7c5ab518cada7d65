# shellcheck shell=sh disable=SC2154
# Sourced by the other scripts, with $root set to the repository: gives them the Python environment in .venv.
# POSIX sh only. The check is a few built-ins and one cmp; everything slow is in setup_env.py.

# ensure_env PURPOSE: make sure that .venv serves PURPOSE (user, dev or recogniser), setting it up where it does not.
ensure_env() {
    if env_is_ready "$1"; then
        return 0
    fi
    find_python
    "$python" -I "$root/scripts/setup_env.py" "$1" "$root" || exit
}

# The stamp is a copy of the pyproject.toml that was installed. It is written last, so an interrupted set-up has none.
# An environment that was moved, or whose Python is gone, is not ready either.
env_is_ready() {
    [ -x "$root/.venv/bin/python" ] &&
        cmp -s "$root/pyproject.toml" "$root/.venv/breathcue-stamp-$1" 2>/dev/null &&
        { IFS= read -r made_for <"$root/.venv/breathcue-root"; } 2>/dev/null &&
        [ "$made_for" = "$root" ]
}

# Set $python to a Python that is new enough and can make environments; $PYTHON, where set, is the only candidate.
find_python() {
    too_old='' no_venv=''
    if [ -n "${PYTHON:-}" ]; then
        python=$PYTHON
        probe_python && return 0
    else
        for python in python3.14 python3.13 python3.12 python3.11 python3 python; do
            probe_python && return 0
        done
    fi
    explain_no_python
    exit 3
}

probe_python() {
    status=0
    version=$("$python" -I -c '
import sys
print("%d.%d" % sys.version_info[:2])
if sys.version_info < (3, 11): sys.exit(11)
try: import ensurepip, fcntl, venv
except ImportError: sys.exit(12)
' 2>/dev/null </dev/null) || status=$?
    case $status in
        0) return 0 ;;
        11) too_old="$too_old $python ($version)" ;;
        12) no_venv=${no_venv:-$version} ;;
    esac
    return 1 # it is not there, does not run, or is not fit
}

explain_no_python() {
    exec >&2
    if [ -n "$no_venv" ]; then
        echo "breathcue: Python $no_venv is here, but without the part of it that makes environments (venv)."
        echo "breathcue: On Debian or Ubuntu, install it with: sudo apt-get install python$no_venv-venv"
        return
    fi
    if [ -n "${PYTHON:-}" ]; then
        echo "breathcue: The PYTHON variable names $PYTHON, which is not a Python 3.11 or newer.${too_old:+ (${too_old# })}"
        echo "breathcue: Point it at one, or unset it to let breathcue look for itself."
        return
    fi
    echo "breathcue: Python 3.11 or newer is needed, and none was found.${too_old:+ Too old:$too_old.}"
    echo "breathcue: Install it with: sudo apt-get install python3 python3-venv (Debian, Ubuntu),"
    echo "breathcue: brew install python (macOS), or from python.org; or set PYTHON to the one to use."
}
