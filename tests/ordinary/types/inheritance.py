from dataclasses import dataclass

import flyte

env = flyte.TaskEnvironment("shapes")


@dataclass
class Shape:
    name: str

    def area(self) -> float:
        return 0.0


@dataclass
class Square(Shape):
    side: float = 1.0

    def area(self) -> float:
        return self.side**2


@dataclass
class Circle(Shape):
    radius: float = 1.0

    def area(self) -> float:
        return 3.14159 * self.radius**2


@env.task
async def make_square(side: float) -> Square:
    return Square("square", side)


@env.task
async def make_circle(radius: float) -> Circle:
    return Circle("circle", radius)


@env.task
async def area(shape: Shape) -> float:
    return shape.area()


@env.task
async def main(size: float = 2.0) -> float:
    square = await make_square(size)
    circle = await make_circle(size)
    shapes: list[Shape] = [square, circle]
    total = 0.0
    for shape in shapes:
        total += await area(shape)
    return total + await area(square)
