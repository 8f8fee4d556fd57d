"""Write Python functions, run them as durable tasks: what programs are checked against."""

from flyte._deploy import Deployment as Deployment
from flyte._deploy import deploy as deploy
from flyte._pod import PodTemplate as PodTemplate
from flyte._trigger import Cron as Cron
from flyte._trigger import FixedRate as FixedRate
from flyte._trigger import OnArtifact as OnArtifact
from flyte._trigger import Trigger as Trigger
from flyte._trigger import TriggeredArtifact as TriggeredArtifact
from flyte._trigger import TriggeredPartition as TriggeredPartition
from flyte._trigger import TriggerTime as TriggerTime

from flyte import errors as errors
from flyte import remote as remote
from flyte._cache import Cache as Cache
from flyte._cache import CachePolicy as CachePolicy
from flyte._cache import CacheRequest as CacheRequest
from flyte._cache import VersionParameters as VersionParameters
from flyte._config import init as init
from flyte._config import init_from_config as init_from_config
from flyte._ctx import ctx as ctx
from flyte._ended_run import Run as Run
from flyte._environment import TaskEnvironment as TaskEnvironment
from flyte._group import group as group
from flyte._image import Image as Image
from flyte._map import map as map  # noqa: A004 - the name that users know
from flyte._options import Documentation as Documentation
from flyte._options import Link as Link
from flyte._resources import AMD_GPU as AMD_GPU
from flyte._resources import APPLE_SILICON as APPLE_SILICON
from flyte._resources import GPU as GPU
from flyte._resources import HABANA_GAUDI as HABANA_GAUDI
from flyte._resources import TPU as TPU
from flyte._resources import Device as Device
from flyte._resources import DeviceClass as DeviceClass
from flyte._resources import Neuron as Neuron
from flyte._resources import Resources as Resources
from flyte._retry import Backoff as Backoff
from flyte._retry import RetryStrategy as RetryStrategy
from flyte._retry import Timeout as Timeout
from flyte._retry import TimeoutType as TimeoutType
from flyte._reuse import ReusePolicy as ReusePolicy
from flyte._run import run as run
from flyte._secret import Secret as Secret
from flyte._secret import SecretRequest as SecretRequest
from flyte._task import AsyncTask as AsyncTask
from flyte._task import Task as Task
from flyte._trace import trace as trace

__version__: str
