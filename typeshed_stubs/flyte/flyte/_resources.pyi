from dataclasses import dataclass
from typing import Literal, TypeAlias

DeviceClass: TypeAlias = Literal["GPU", "TPU", "NEURON", "AMD_GPU", "HABANA_GAUDI", "APPLE_SILICON"]
CPURequest: TypeAlias = int | float | str | tuple[int | float | str, int | float | str]
MemoryRequest: TypeAlias = str | tuple[str, str]

@dataclass(frozen=True, slots=True)
class Device:
    quantity: int
    device_class: DeviceClass
    device: str | None = None
    partition: str | None = None

def GPU(device: str, quantity: int = 1, partition: str | None = None) -> Device: ...
def TPU(device: str, partition: str | None = None) -> Device: ...
def Neuron(device: str) -> Device: ...
def AMD_GPU(device: str) -> Device: ...
def HABANA_GAUDI(device: str) -> Device: ...
def APPLE_SILICON(device: str) -> Device: ...

@dataclass(frozen=True, slots=True)
class Resources:
    cpu: CPURequest | None = None
    memory: MemoryRequest | None = None
    gpu: str | int | Device | None = None
    disk: str | None = None
    shm: str | None = None
    def get_device(self) -> Device | None: ...
