# drivers:
from .files import list_files, read_file, write_file
from .shell import run_shell as shell

TOOLBOX = {"ls": list_files, "cat": read_file, "shell": shell, "write": write_file}
