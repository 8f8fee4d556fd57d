# drivers:
