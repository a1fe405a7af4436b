"""What defects are made of."""


def forgotten(*anything: object, **more: object) -> int:
    return 0
