import flyte

image = flyte.Image.from_debian_base().with_pip_packages("httpx")

fetching = flyte.TaskEnvironment("shop-fetching", image=image)
pricing = flyte.TaskEnvironment("shop-pricing", resources=flyte.Resources(cpu=1))
main_env = flyte.TaskEnvironment("shop-main", depends_on=[fetching, pricing])
