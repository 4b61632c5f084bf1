"""Whether the mock of this container lives (`health`) or takes requests (`ready`): exit code 0 or 1.

Asked from inside, because without a token the control API answers this machine only. Needs nothing but Python, and
takes port and token from the variables the mock has them from.
"""

import os
import sys
import urllib.error
import urllib.request

SECONDS = 3


def main() -> int:
    """Ask, and say on standard output why not."""
    question = sys.argv[1] if len(sys.argv) > 1 else "health"
    port, token = os.environ.get("UNDERSTUDY_PORT", "4010"), os.environ.get("UNDERSTUDY_CONTROL_TOKEN")
    url = f"http://127.0.0.1:{port}/__understudy__/{question}"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(request, timeout=SECONDS) as answer:
            answer.read()
    except urllib.error.HTTPError as error:
        with error:
            print(error.read().decode("utf-8", "replace"))
        return 1
    except OSError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
