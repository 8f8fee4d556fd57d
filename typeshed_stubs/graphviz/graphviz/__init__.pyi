from collections.abc import Mapping

from graphviz import backend as backend
from graphviz.backend import CalledProcessError as CalledProcessError
from graphviz.backend import ExecutableNotFound as ExecutableNotFound

class Digraph:
    def __init__(
        self,
        name: str | None = None,
        comment: str | None = None,
        *,
        graph_attr: Mapping[str, str] | None = None,
        node_attr: Mapping[str, str] | None = None,
        edge_attr: Mapping[str, str] | None = None,
    ) -> None: ...
    @property
    def source(self) -> str: ...
    def node(self, name: str, label: str | None = None, **attrs: str) -> None: ...
    def edge(
        self, tail_name: str, head_name: str, label: str | None = None, **attrs: str
    ) -> None: ...
    def subgraph(self, graph: Digraph) -> None: ...

def escape(s: str) -> str: ...
def nohtml(s: str) -> str: ...
