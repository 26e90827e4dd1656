"""Lifecycle rules and tags of S3 buckets."""

from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from ministack.services import s3
from ministack.services.cloudformation import provisioners

type Json = dict[str, Any]

KNOWN = {
    "Id", "Status", "Prefix", "TagFilters", "ObjectSizeGreaterThan", "ExpirationInDays", "Transitions",
    "AbortIncompleteMultipartUpload",
}  # fmt: skip


def keep_the_lifecycle() -> None:
    """Store a bucket's lifecycle rules: ministack's S3 supports them, but its CloudFormation drops the property."""
    lifecycle = ("LifecycleConfiguration", _lifecycle, s3._put_bucket_lifecycle, s3._delete_bucket_lifecycle)
    provisioners._S3_BUCKET_CONFIGURATIONS += (lifecycle,)


def keep_the_tags() -> None:
    """Store a bucket's tags, which ministack's CloudFormation drops too."""
    tags = ("Tags", _tagging, s3._put_bucket_tagging, s3._delete_bucket_tagging)
    provisioners._S3_BUCKET_CONFIGURATIONS += (tags,)


def _tagging(tags: list[Json]) -> bytes:
    root = Element("Tagging")
    _add_tags(SubElement(root, "TagSet"), tags)
    return tostring(root)


def _add_tags(element: Element, tags: list[Json]) -> None:
    for tag in tags:
        child = SubElement(element, "Tag")
        SubElement(child, "Key").text = tag["Key"]
        SubElement(child, "Value").text = tag["Value"]


def _lifecycle(lifecycle: Json) -> bytes:
    root = Element("LifecycleConfiguration")
    for rule in lifecycle["Rules"]:
        _add_rule(SubElement(root, "Rule"), rule)
    return tostring(root)


def _add_rule(element: Element, rule: Json) -> None:
    if unknown := rule.keys() - KNOWN:
        raise ValueError(f"local/patches/buckets.py does not support {', '.join(sorted(unknown))} in lifecycle rules")
    if name := rule.get("Id"):
        SubElement(element, "ID").text = name
    SubElement(element, "Status").text = rule["Status"]
    _add_filter(SubElement(element, "Filter"), rule)
    for transition in rule.get("Transitions", []):
        _add_transition(SubElement(element, "Transition"), transition)
    if days := rule.get("ExpirationInDays"):
        SubElement(SubElement(element, "Expiration"), "Days").text = str(days)
    if abort := rule.get("AbortIncompleteMultipartUpload"):
        uploads = SubElement(element, "AbortIncompleteMultipartUpload")
        SubElement(uploads, "DaysAfterInitiation").text = str(abort["DaysAfterInitiation"])


def _add_filter(element: Element, rule: Json) -> None:
    """Write a filter; several conditions are combined with And."""
    prefix, tags, size = rule.get("Prefix", ""), rule.get("TagFilters", []), rule.get("ObjectSizeGreaterThan")
    if len(tags) + bool(prefix) + bool(size) > 1:
        element = SubElement(element, "And")
    if prefix or not (tags or size):
        SubElement(element, "Prefix").text = prefix
    _add_tags(element, tags)
    if size:
        SubElement(element, "ObjectSizeGreaterThan").text = str(size)


def _add_transition(element: Element, transition: Json) -> None:
    SubElement(element, "Days").text = str(transition["TransitionInDays"])
    SubElement(element, "StorageClass").text = transition["StorageClass"]
