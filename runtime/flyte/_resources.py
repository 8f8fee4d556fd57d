"""`Resources` and the devices in it: what a task asks of the machine that runs it.

Means nothing on one machine, and is checked all the same: engines that can use it do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from flyte._checks import check_choice, check_type

DeviceClass = Literal["GPU", "TPU", "NEURON", "AMD_GPU", "HABANA_GAUDI", "APPLE_SILICON"]

CPURequest = int | float | str | tuple[int | float | str, int | float | str]
"""What `cpu=` takes: cores, `"500m"`, or (request, limit)."""

MemoryRequest = str | tuple[str, str]
"""What `memory=` takes: `"1Gi"`, or (request, limit)."""

_CPU = re.compile(r"\d+(\.\d+)?m?")
_BYTES = re.compile(r"\d+(\.\d+)?(m|k|[KMGTPE]i?)?")
_GPU = re.compile(r"(?P<device>.+):(?P<quantity>\d+)")


@dataclass(frozen=True, slots=True)
class Device:
    """Accelerators of one model.

    Raises:
        ValueError: fewer than one, or an unknown class.
    """

    quantity: int
    device_class: DeviceClass
    device: str | None = None
    partition: str | None = None

    def __post_init__(self) -> None:
        """Check the options."""
        check_type("Device.quantity", self.quantity, int)
        if self.quantity < 1:
            raise ValueError(f"`Device.quantity` is at least 1, not {self.quantity}")
        classes = ("GPU", "TPU", "NEURON", "AMD_GPU", "HABANA_GAUDI", "APPLE_SILICON")
        check_choice("Device.device_class", self.device_class, classes)


def GPU(device: str, quantity: int = 1, partition: str | None = None) -> Device:  # noqa: N802 - a type to its users
    """NVIDIA accelerators of a model such as `T4`, `A100` or `H100`."""
    return Device(quantity, "GPU", device, partition)


def TPU(device: str, partition: str | None = None) -> Device:  # noqa: N802 - a type to its users
    """A TPU slice of a model such as `V5E`."""
    return Device(1, "TPU", device, partition)


def Neuron(device: str) -> Device:  # noqa: N802 - a type to its users
    """An AWS accelerator such as `Trn1`."""
    return Device(1, "NEURON", device)


def AMD_GPU(device: str) -> Device:  # noqa: N802 - a type to its users
    """An AMD accelerator such as `MI300X`."""
    return Device(1, "AMD_GPU", device)


def HABANA_GAUDI(device: str) -> Device:  # noqa: N802 - a type to its users
    """A Habana accelerator such as `Gaudi1`."""
    return Device(1, "HABANA_GAUDI", device)


def APPLE_SILICON(device: str) -> Device:  # noqa: N802 - a type to its users
    """An Apple device such as `M4`."""
    return Device(1, "APPLE_SILICON", device)


@dataclass(frozen=True, slots=True)
class Resources:
    """What one attempt of a task needs. A pair is (request, limit).

    `gpu` is a number, `"T4:1"`, or a `Device`; `shm` is an amount or `"auto"`.

    Raises:
        TypeError, ValueError: an amount that is none, with an example of one.
    """

    cpu: CPURequest | None = None
    memory: MemoryRequest | None = None
    gpu: str | int | Device | None = None
    disk: str | None = None
    shm: str | None = None

    def __post_init__(self) -> None:
        """Check the amounts."""
        _check_pair("cpu", self.cpu, (int, float, str), _CPU, "`2`, `0.5` or `'500m'`")
        _check_pair("memory", self.memory, (str,), _BYTES, "`'512Mi'` or `'1Gi'`")
        _check_amount("disk", self.disk, (str,), _BYTES, "`'10Gi'`")
        if self.shm != "auto":
            _check_amount("shm", self.shm, (str,), _BYTES, "`'1Gi'` or `'auto'`")
        self.get_device()

    def get_device(self) -> Device | None:
        """The accelerators, in one form."""
        if self.gpu is None or isinstance(self.gpu, Device):
            return self.gpu
        check_type("Resources.gpu", self.gpu, int, str, Device, type(None))
        if isinstance(self.gpu, int):
            if self.gpu < 0:
                raise ValueError(f"`Resources.gpu` is not negative, but {self.gpu}")
            return Device(self.gpu, "GPU") if self.gpu else None
        if found := _GPU.fullmatch(self.gpu):
            return Device(int(found["quantity"]), "GPU", found["device"])
        raise ValueError(
            f"`Resources.gpu` is a number or `MODEL:QUANTITY` such as `T4:1`, not {self.gpu!r}"
        )


def _check_pair(
    name: str, given: object, kinds: tuple[type, ...], shape: re.Pattern[str], examples: str
) -> None:
    if isinstance(given, tuple) and len(given) != 2:
        raise ValueError(f"`Resources.{name}` is an amount or (request, limit), not {given!r}")
    for amount in given if isinstance(given, tuple) else (given,):
        _check_amount(name, amount, kinds, shape, examples)


def _check_amount(
    name: str, given: object, kinds: tuple[type, ...], shape: re.Pattern[str], examples: str
) -> None:
    check_type(f"Resources.{name}", given, *kinds, type(None))
    if given is not None and not shape.fullmatch(str(given)):
        raise ValueError(f"`Resources.{name}` is an amount such as {examples}, not {given!r}")
