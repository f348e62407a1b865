"Names, version and requirements come from settings.ini, by the standard library alone: nothing else need be there to build."
from configparser import ConfigParser
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).resolve().parent
config = ConfigParser()
config.read(HERE / "settings.ini", encoding="utf-8")
settings = config["DEFAULT"]


def lines(key):
    "The values of a setting that has one a line."
    return [line.strip() for line in settings[key].splitlines() if line.strip()]


STATUS = {"1": "1 - Planning", "2": "2 - Pre-Alpha", "3": "3 - Alpha", "4": "4 - Beta", "5": "5 - Production/Stable"}

setup(
    name=settings["lib_name"],
    version=settings["version"],
    description=settings["description"],
    long_description=(HERE / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    keywords=settings["keywords"].split(),
    author=settings["author"],
    author_email=settings["author_email"],
    url=settings["git_url"],
    project_urls={"Documentation": settings["doc_host"] + settings["doc_baseurl"]},
    license=settings["license"].upper(),
    license_files=["LICENSE"],
    classifiers=[
        f"Development Status :: {STATUS[settings['status']]}",
        f"Intended Audience :: {settings['audience']}",
        f"Natural Language :: {settings['language']}",
        "Programming Language :: Python :: 3",
        "Topic :: Multimedia :: Sound/Audio :: Speech",
    ],
    python_requires=f">={settings['min_python']}",
    packages=find_packages(include=[settings["lib_path"], settings["lib_path"] + ".*"]),
    package_data={settings["lib_name"]: lines("package_data")},
    install_requires=lines("requirements"),
    extras_require={name: lines(f"{name}_requirements") for name in settings["extras"].split()},
    entry_points={
        "console_scripts": lines("console_scripts"),
        "nbdev": [f"{settings['lib_name']}={settings['lib_path']}._modidx:d"],  # lets docs link names in backticks
    },
    zip_safe=False,
)
