# drivers: report, report_for_regions, email_report
"""Weekly sales report."""
import asyncio

import flyte
import pandas as pd
from flyte.io import DataFrame, File

env = flyte.TaskEnvironment(
    name="sales_report",
    resources=flyte.Resources(cpu=1, memory="2Gi"),
    image=flyte.Image.from_debian_base().with_pip_packages("pandas", "matplotlib", "openpyxl"),
)


@env.task
async def load_sales(region: str) -> DataFrame:
    df = pd.DataFrame({"region": [region], "amount": [100.0]})
    return DataFrame.from_df(df)


@env.task
async def load_targets() -> DataFrame:
    return DataFrame.from_df(pd.DataFrame({"region": ["eu"], "target": [90.0]}))


@env.task
async def compare(sales: DataFrame, targets: DataFrame) -> DataFrame:
    return sales


@env.task
async def to_excel(df: DataFrame) -> File:
    frame = await df.open(pd.DataFrame).all()
    frame.to_excel("/tmp/report.xlsx")
    return await File.from_local("/tmp/report.xlsx")


@env.task
async def combine(reports: list[File]) -> File:
    return reports[0]


@env.task
async def send_mail(to: str, attachment: File) -> None:
    print(f"mailing {attachment.path} to {to}")


@env.task
async def report(region: str) -> File:
    sales = await load_sales(region)
    targets = await load_targets()
    compared = await compare(sales, targets)
    excel = await to_excel(compared)
    return excel


@env.task
async def report_for_regions(regions: list[str]) -> File:
    files = await asyncio.gather(*[report(r) for r in regions])
    return await combine(files)


@env.task
async def email_report(regions: list[str], to: str = "boss@example.com") -> str:
    file = await report_for_regions(regions)
    await send_mail(to, file)
    return file.path


if __name__ == "__main__":
    flyte.init_from_config()
    run = flyte.run(email_report, regions=["eu", "us"])
    print(run.url)
    run.wait()
