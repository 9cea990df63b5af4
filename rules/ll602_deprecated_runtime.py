"""AWS no longer maintains the runtime.

From the day of its deprecation a runtime gets no security patches and no support, and the console refuses it. The API
still takes it, until AWS first refuses new functions and then changes to existing ones. Invocations go on. On
a deploy through the API AWS says nothing.

Fix: move to the successor, and test there: the operating system and the bundled SDK may differ too.

Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html#runtime-deprecation-levels
"""

import datetime
from collections.abc import Iterator

from lambdalint import Function, Hit, Phase, Role, Runtime, Severity, rule


@rule("LL602", "deprecated-runtime", Severity.WARNING, Phase.CONFIGURE)
def deprecated_runtime(runtime: Runtime, today: datetime.date, function: Function, role: Role) -> Iterator[Hit]:
    day = today.isoformat()
    if role is Role.LAYER or not runtime.is_deprecated(day) or runtime.refuses_creation(day) or runtime.refuses_update(day):
        return
    later = [
        f"{what} from {date}"
        for what, date in (("new functions are refused", runtime.create_block), ("updates", runtime.update_block))
        if date
    ]
    yield Hit(
        None,
        ", ".join([f"{runtime.name} is deprecated since {runtime.deprecated}", *later]),
        setting="Runtime" if function.runtime else None,
        fix=f"move to {runtime.successor}" if runtime.successor else None,
    )
