# drivers:
"""All the environments, in one place."""
import flyte

image = flyte.Image.from_debian_base().with_pip_packages("scikit-learn", "pandas", "pyarrow")

data_env = flyte.TaskEnvironment(name="churn_data", image=image, resources=flyte.Resources(cpu=2, memory="4Gi"))
train_env = data_env.clone_with(name="churn_train", resources=flyte.Resources(cpu=8, memory="16Gi"))
main_env = flyte.TaskEnvironment(name="churn", image=image, depends_on=[data_env, train_env])
