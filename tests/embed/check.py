# SPDX-License-Identifier: Apache-2.0
"""What the files of tests/embed share: commands, trees, and TAP.

A test is a function of a file of this folder that is in its list TESTS; its
name is the sentence that can be false.
"""
import os
import shlex
import subprocess
import traceback

ROOT = os.environ["HUIYIN_ROOT"]
SCRATCH = os.environ["HUIYIN_SCRATCH"]
BUILD = os.path.join(os.environ["HUIYIN_BUILD"], "embed")
CLIENT = os.path.join(ROOT, "client-lib")
HERE = os.path.join(ROOT, "tests/embed")
PATIENCE = 300  # seconds for one command


class Failure(Exception):
    """A command that should not have ended so."""


class Skip(Exception):
    """Why a test cannot be done on this machine."""


def run(*command, fails=False, silent=False, limit=PATIENCE, **environment):
    """Standard output of a command. fails: both outputs of one that must;
    silent: it may say nothing on standard error."""
    done = subprocess.run(
        command, env={**os.environ, "LC_ALL": "C.UTF-8", **environment},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if fails else subprocess.PIPE,
        timeout=limit, check=False)
    out = done.stdout.decode("utf-8", "replace")
    if (done.returncode != 0) != fails or silent and done.stderr:
        why = out if fails else out + done.stderr.decode("utf-8", "replace")
        raise Failure(f"{shlex.join(command)} ended with {done.returncode}\n" +
                      "\n".join(why.splitlines()[-30:]))
    return out


def need(condition, sentence):
    if not condition:
        raise Failure(sentence)


def progress(text):
    print(f"#: {text}", flush=True)


def cmake(source, folder, *settings, target="all", **environment):
    """Configures and builds; what it said when configured."""
    said = run("cmake", "-S", source, "-B", folder, "-G", "Ninja", *settings,
               **environment)
    run("ninja", "-C", folder, target, **environment)
    return said


def perform(tests):
    """Runs tests in their order; whether all held."""
    good = True
    for test in tests:
        function, *words = test if isinstance(test, tuple) else (test,)
        name = " ".join([function.__name__.replace("_", " "), *words])
        try:
            function(*words)
        except Skip as why:
            print(f"ok - {name} # SKIP {why}", flush=True)
        except Exception as error:  # whatever it is, the others go on
            good = False
            print(f"not ok - {name}", flush=True)
            lines = str(error) if isinstance(error, Failure) \
                else traceback.format_exc()
            for line in lines.splitlines():
                print(f"# {line}", flush=True)
        else:
            print(f"ok - {name}", flush=True)
    return good
