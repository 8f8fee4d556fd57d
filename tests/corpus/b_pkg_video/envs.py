# drivers:
"""Every environment of the package; nothing else."""
import flyte

image = (
    flyte.Image.from_debian_base()
    .with_apt_packages("ffmpeg")
    .with_pip_packages("opencv-python-headless", "faster-whisper", "pydantic")
)

cpu_env = flyte.TaskEnvironment("video_cpu", image=image, resources=flyte.Resources(cpu=2, memory="4Gi"))
gpu_env = cpu_env.clone_with(name="video_gpu", resources=flyte.Resources(cpu=4, memory="16Gi", gpu="T4:1"))
driver_env = flyte.TaskEnvironment(
    "video_driver",
    image=image,
    resources=flyte.Resources(cpu="500m", memory="1Gi"),
    depends_on=[cpu_env, gpu_env],
)
