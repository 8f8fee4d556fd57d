"""Well-known distributions: the import names that they give, and what they bring along.

Where releases differ, everything that any of them brings: what is brought is never reported.
"""

from __future__ import annotations

from collections.abc import Mapping


def _table(text: str) -> Mapping[str, tuple[str, ...]]:
    """Lines of `key: word word`; indented ones go on with the line before."""
    lines = text.strip().replace("\n    ", " ").splitlines()
    rows = (line.partition(":") for line in lines)
    return {key.strip(): tuple(words.split()) for key, _, words in rows}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


GIVES = _table("""
PIL: pillow pillow-simd
Bio: biopython
Crypto: pycryptodome
OpenSSL: pyopenssl
attr: attrs
bs4: beautifulsoup4
cairosvg: cairosvg
cv2: opencv-python opencv-python-headless opencv-contrib-python opencv-contrib-python-headless
dateutil: python-dateutil
docx: python-docx
dotenv: python-dotenv
faiss: faiss-cpu faiss-gpu faiss-gpu-cu12
fitz: pymupdf
git: gitpython
github: pygithub
google.cloud.bigquery: google-cloud-bigquery
google.cloud.storage: google-cloud-storage
google.genai: google-genai
google.generativeai: google-generativeai
google.protobuf: protobuf
grpc: grpcio
jose: python-jose
jwt: pyjwt
kafka: kafka-python kafka-python-ng
lightning: lightning
magic: python-magic
mpl_toolkits: matplotlib
MySQLdb: mysqlclient
nacl: pynacl
openslide: openslide-python
osgeo: gdal
pkg_resources: setuptools
pptx: python-pptx
psycopg2: psycopg2 psycopg2-binary
pylab: matplotlib
pyarrow: pyarrow
pymupdf: pymupdf
pythoncom: pywin32
pytorch_lightning: pytorch-lightning lightning
rest_framework: djangorestframework
scvi: scvi-tools
sentence_transformers: sentence-transformers
serial: pyserial
skimage: scikit-image
sklearn: scikit-learn scikit-learn-intelex
slugify: python-slugify
snowflake.connector: snowflake-connector-python
socks: pysocks
tavily: tavily-python
tensorflow: tensorflow tensorflow-cpu tensorflow-gpu tensorflow-macos
umap: umap-learn
usearch: usearch
websocket: websocket-client
whisper: openai-whisper
xgboost: xgboost xgboost-cpu
yaml: pyyaml
zmq: pyzmq
""")
"""The distributions, any of which gives a module."""

SAME_NAME = _words("""
accelerate aioboto3 aiobotocore aiofiles aiohttp altair anthropic anyio asyncpg bokeh boto3
botocore catboost chromadb click cloudpickle cryptography cupy dash dask datasets deltalake
diffusers django duckdb einops elasticsearch evaluate faker fastapi feedparser fiona flask folium
fsspec gcsfs geopandas gradio gymnasium h5py httpx huggingface_hub hyperopt imageio instructor jax
jinja2 joblib jsonschema keras kubernetes lancedb langchain langchain_core langchain_openai
langgraph laspy librosa lightgbm litellm loguru lxml markdown marshmallow matplotlib mcp mlflow
msgpack msgspec networkx nltk numba numpy onnx onnxruntime openai openpyxl optuna orjson pandas
pandera paramiko pdf2image pdfplumber peft pendulum pika plotly polars prophet psutil psycopg
pyarrow pydantic pydantic_ai pymongo pymysql pypdf pyproj pyspark pytesseract pytest qdrant_client
rasterio ray rdkit redis requests rich rioxarray s3fs safetensors scanpy scipy seaborn
sentencepiece shap shapely soundfile spacy sqlalchemy sqlglot sqlmodel statsmodels streamlit
stripe structlog sympy tenacity textual tiktoken tokenizers toml torch torchaudio torchmetrics
torchvision tqdm trafilatura transformers trl twilio typer ujson ultralytics uvicorn vllm wandb
weasyprint websockets xarray xlsxwriter xxhash yfinance zarr
""")
"""Modules that distributions of the same name give."""

BRINGS = _table("""
accelerate: numpy packaging psutil pyyaml torch huggingface-hub safetensors
aiobotocore: aiohttp aioitertools botocore python-dateutil jmespath multidict wrapt boto3 urllib3
aiofiles:
aiohappyeyeballs:
aiohttp: aiohappyeyeballs aiosignal attrs frozenlist multidict propcache yarl async-timeout
aioitertools: typing-extensions
aiosignal: frozenlist typing-extensions
altair: jinja2 jsonschema narwhals packaging typing-extensions pandas numpy toolz
annotated-doc:
annotated-types:
anthropic: anyio distro docstring-parser httpx jiter pydantic sniffio typing-extensions tokenizers
anyio: idna sniffio typing-extensions exceptiongroup
async-timeout:
asyncpg: async-timeout
attrs:
beautifulsoup4: soupsieve typing-extensions
blinker:
boto3: botocore jmespath s3transfer
botocore: jmespath python-dateutil urllib3
catboost: graphviz matplotlib numpy pandas scipy plotly six
certifi:
cffi: pycparser
charset-normalizer:
click: colorama
cloudpickle:
colorama:
colorlog: colorama
contourpy: numpy
cryptography: cffi typing-extensions
cycler:
dask: click cloudpickle fsspec packaging partd pyyaml toolz importlib-metadata
datasets: filelock numpy pyarrow dill pandas requests httpx tqdm xxhash multiprocess fsspec
    aiohttp huggingface-hub packaging pyyaml
dill:
distro:
dnspython:
docstring-parser:
duckdb:
et-xmlfile:
exceptiongroup: typing-extensions
faiss-cpu: numpy packaging
fastapi: starlette pydantic typing-extensions annotated-doc typing-inspection
filelock:
flask: blinker click itsdangerous jinja2 markupsafe werkzeug importlib-metadata
flyte: aiofiles aiohttp aiolimiter async-lru click rich rich-click cloudpickle docstring-parser
    fsspec grpcio googleapis-common-protos obstore protobuf pydantic pyyaml httpx keyring
    msgpack toml mashumaro packaging typing-extensions requests apsw cbor2 graphviz libcst
    msgspec mypy networkx setuptools pip
fonttools:
frozenlist:
fsspec:
gitdb: smmap
gitpython: gitdb typing-extensions
graphviz:
greenlet:
grpcio: typing-extensions
h11:
h5py: numpy
hf-xet:
httpcore: h11 certifi
httpx: anyio certifi httpcore idna sniffio
huggingface-hub: filelock fsspec hf-xet httpx packaging pyyaml requests shellingham tqdm typer
    typer-slim typing-extensions
idna:
imageio: numpy pillow
importlib-metadata: zipp typing-extensions
itsdangerous:
jinja2: markupsafe
jiter:
jmespath:
joblib:
jsonpatch: jsonpointer
jsonpointer:
jsonschema: attrs jsonschema-specifications referencing rpds-py
jsonschema-specifications: referencing
kiwisolver:
lazy-loader: packaging
lightgbm: numpy scipy
litellm: aiohttp click fastuuid httpx importlib-metadata jinja2 jsonschema openai pydantic
    python-dotenv tiktoken tokenizers grpcio
fastuuid:
llvmlite:
lxml:
mako: markupsafe
alembic: sqlalchemy mako typing-extensions
markdown-it-py: mdurl
markupsafe:
matplotlib: contourpy cycler fonttools kiwisolver numpy packaging pillow pyparsing python-dateutil
mdurl:
mpmath:
msgpack:
msgspec:
multidict: typing-extensions
multiprocess: dill
narwhals:
networkx:
nltk: click joblib regex tqdm
numba: llvmlite numpy
numpy:
onnxruntime: coloredlogs flatbuffers numpy packaging protobuf sympy
coloredlogs: humanfriendly
humanfriendly:
flatbuffers:
openai: anyio distro httpx jiter pydantic sniffio tqdm typing-extensions
opencv-contrib-python: numpy
opencv-python: numpy
opencv-python-headless: numpy
openpyxl: et-xmlfile
optuna: alembic colorlog numpy packaging sqlalchemy tqdm pyyaml
orjson:
packaging:
pandas: numpy python-dateutil pytz tzdata
partd: locket toolz
locket:
patsy: numpy six
pillow:
platformdirs:
plotly: narwhals packaging tenacity
polars: polars-runtime-32
polars-runtime-32:
portalocker:
propcache:
protobuf:
psutil:
psycopg2:
psycopg2-binary:
pyarrow: numpy
pycparser:
pydantic: annotated-types pydantic-core typing-extensions typing-inspection
pydantic-core: typing-extensions
pygments:
pymongo: dnspython
pymupdf:
pymysql:
pyparsing:
pypdf: typing-extensions
pytest: iniconfig packaging pluggy pygments exceptiongroup tomli colorama
iniconfig:
pluggy:
tomli:
python-dateutil: six
python-docx: lxml typing-extensions
python-dotenv:
python-multipart:
pytz:
pyyaml:
qdrant-client: grpcio httpx numpy portalocker protobuf pydantic urllib3 h2 hpack hyperframe
h2: hpack hyperframe
hpack:
hyperframe:
redis: async-timeout pyjwt
pyjwt: typing-extensions
referencing: attrs rpds-py typing-extensions
regex:
requests: certifi charset-normalizer idna urllib3
rich: markdown-it-py pygments typing-extensions
rpds-py:
s3fs: aiobotocore aiohttp fsspec
s3transfer: botocore
safetensors:
scikit-image: imageio lazy-loader networkx numpy packaging pillow scipy tifffile pywavelets
pywavelets: numpy
tifffile: numpy
scikit-learn: joblib numpy scipy threadpoolctl
scipy: numpy
seaborn: matplotlib numpy pandas
sentence-transformers: transformers tqdm torch scikit-learn scipy huggingface-hub pillow
    typing-extensions numpy
sentencepiece:
setuptools:
shapely: numpy
shellingham:
six:
smmap:
sniffio:
soupsieve:
sqlalchemy: greenlet typing-extensions
sqlglot:
starlette: anyio typing-extensions
statsmodels: numpy packaging pandas patsy scipy
sympy: mpmath
tavily-python: httpx requests tiktoken
tenacity:
threadpoolctl:
tiktoken: regex requests
tokenizers: huggingface-hub
toolz:
torch: filelock fsspec jinja2 networkx setuptools sympy typing-extensions numpy triton
torchaudio: torch
torchvision: numpy pillow torch
tqdm: colorama
transformers: filelock huggingface-hub numpy packaging pyyaml regex requests safetensors
    tokenizers tqdm typer
triton: setuptools
typer: click rich shellingham typing-extensions annotated-doc
typer-slim: click typing-extensions
typing-extensions:
typing-inspection: typing-extensions
tzdata:
urllib3:
uvicorn: click h11 typing-extensions
websockets:
werkzeug: markupsafe
wrapt:
xarray: numpy packaging pandas
xgboost: numpy scipy nvidia-nccl-cu12
nvidia-nccl-cu12:
xlsxwriter:
xxhash:
yarl: idna multidict propcache
zipp:
aiolimiter:
apsw:
async-lru: typing-extensions
cbor2:
googleapis-common-protos: protobuf
keyring: importlib-metadata jaraco-classes jaraco-functools jaraco-context jeepney secretstorage
jaraco-classes: more-itertools
jaraco-context:
jaraco-functools: more-itertools
jeepney:
libcst: pyyaml
mashumaro: typing-extensions
more-itertools:
mypy: typing-extensions mypy-extensions pathspec librt
mypy-extensions:
pathspec:
librt:
obstore: typing-extensions
pip:
rich-click: click rich typing-extensions
secretstorage: cryptography jeepney
toml:
""")
"""What installing a distribution brings along; those without a line aren't known."""
