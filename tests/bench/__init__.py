"""What the product does in a second, beside what this machine can do: ratios travel, seconds do not."""
