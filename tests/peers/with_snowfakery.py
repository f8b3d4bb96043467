"""Snowfakery, by its API: the recipe as often as it takes, into a folder of CSV files."""

import sys
from pathlib import Path

from snowfakery import generate_data

rows, output = int(sys.argv[1]), sys.argv[2]
recipe = Path(__file__).with_name("snowfakery_recipe.yml")
generate_data(recipe, target_number=(rows, "ContentUserCompletion"), output_format="csv", output_folder=output)
